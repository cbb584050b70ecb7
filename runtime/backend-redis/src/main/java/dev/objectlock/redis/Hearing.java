package dev.objectlock.redis;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockTime;
import dev.objectlock.Loss;
import dev.objectlock.SessionPolicy;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Beat;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.ProcessListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process hears of the store: decisions about those who wait, losses, events. The channels make it fast; all of it has
 * numbers and is kept by the store, and whatever has been missed is asked for. Thread-safe.
 */
final class Hearing implements Server.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Hearing.class);

    private final Server server;
    private final Buckets buckets;
    private final Line line;
    private final KeptRefs refs;
    private final ProcessListener listener;
    private final Teller teller;
    private final LockTime time;

    /** Events that were told by a message to this process alone, before they came in their place. */
    private final Set<Long> toldBefore = ConcurrentHashMap.newKeySet();

    /** Since the last beat. */
    private final Queue<LockEvent> losses = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    Hearing(
            Server server,
            Buckets buckets,
            Line line,
            KeptRefs refs,
            ProcessListener listener,
            Teller teller,
            LockTime time) {
        this.server = server;
        this.buckets = buckets;
        this.line = line;
        this.refs = refs;
        this.listener = listener;
        this.teller = teller;
        this.time = time;
    }

    CompletionStage<Void> begin() {
        return server.listen(this, channels());
    }

    private List<String> channels() {
        return buckets.all().stream()
                .flatMap(bucket -> Stream.of(bucket.eventChannel(), bucket.processChannel()))
                .toList();
    }

    boolean isClosed() {
        return closed;
    }

    /** The store takes this process for dead: there is nothing more to hear, and nobody is in the line. */
    void end() {
        closed = true;
        server.unlisten(this, channels());
        teller.tell(line::gone);
    }

    /** Hears no more; the scoped holds that are left are lost. */
    void close(Loss.Reason reason) {
        end();
        Loss loss = new Loss(reason, null, null, time.now());
        teller.tell(() -> line.takeAll().forEach(ask -> listener.lost(ask, loss)));
    }

    private @Nullable Bucket bucketOf(String channel) {
        for (Bucket bucket : buckets.all()) {
            if (channel.equals(bucket.eventChannel()) || channel.equals(bucket.processChannel())) {
                return bucket;
            }
        }
        return null;
    }

    @Override
    public void message(String channel, String message) {
        Bucket bucket = closed ? null : bucketOf(channel);
        if (bucket == null) {
            return;
        }
        boolean complete = channel.equals(bucket.eventChannel())
                ? bucket.event(message, this::event)
                : bucket.message(message, text -> message(text, time.nanoTime()));
        if (!complete) {
            hear(bucket, false);
        }
    }

    @Override
    public void subscribed(String channel) {
        Bucket bucket = closed ? null : bucketOf(channel);
        if (bucket != null && bucket.hasJoined() && channel.equals(bucket.processChannel())) {
            hear(bucket, false);
            lookForForgotten(bucket);
        }
    }

    /**
     * The connection broke. What answers now may be another server than before, which has not got all that was answered: a
     * replica after a failover, or one that has lost its last second.
     */
    private void lookForForgotten(Bucket bucket) {
        List<Ask> granted = line.granted().stream()
                .filter(ask -> buckets.of(ask.rootName()) == bucket)
                .toList();
        List<KeptRef> kept = refs.all().stream()
                .filter(ref -> buckets.of(ref.path().rootName()) == bucket)
                .toList();
        List<String> ids = new ArrayList<>();
        granted.forEach(ask -> ids.addAll(scopedIds(ask)));
        kept.forEach(ref -> ids.add(Wire.escape(ref.id())));
        if (ids.isEmpty()) {
            return;
        }
        bucket.run("missing", ids.toArray(String[]::new)).whenComplete((reply, failure) -> {
            if (failure != null) {
                LOG.debug("could not ask whether the holds are still there; the next connection does", failure);
                return;
            }
            Set<String> missing = Set.copyOf(reply.texts());
            if (!missing.isEmpty()) {
                teller.tell(() -> forgotten(missing, granted, kept));
            }
        });
    }

    private static List<String> scopedIds(Ask ask) {
        List<String> ids = new ArrayList<>(1);
        for (int part = 0; part < ask.claims().size(); part++) {
            if (!ask.claims().get(part).terms().kept()) {
                ids.add(Wire.escape(ask.holdId(part)));
            }
        }
        return ids;
    }

    private void forgotten(Set<String> missing, List<Ask> granted, List<KeptRef> kept) {
        Loss loss = new Loss(Loss.Reason.FORGOTTEN, null, null, time.now());
        for (Ask ask : granted) {
            // What has been given back since is not missing.
            if (line.has(ask) && scopedIds(ask).stream().anyMatch(missing::contains)) {
                listener.lost(ask, loss);
            }
        }
        for (KeptRef ref : kept) {
            if (missing.contains(Wire.escape(ref.id())) && refs.knows(ref)) {
                LockEvent lost = new LockEvent.Lost(
                        List.of(ref.info()), loss.at(), ref.info().fence(), loss);
                noteLoss(lost);
                tell(lost);
            }
        }
    }

    /** Asks for all that was missed in every bucket; with a beat, the process goes on living. */
    CompletableFuture<Beat> hearAll(boolean beat) {
        List<CompletableFuture<Beat>> heard = new ArrayList<>();
        for (Bucket bucket : buckets.all()) {
            heard.add(hear(bucket, beat));
        }
        return CompletableFuture.allOf(heard.toArray(CompletableFuture[]::new)).thenApply(done -> {
            List<Beat> beats = heard.stream().map(CompletableFuture::join).toList();
            // One bucket that has begun anew, or takes the process for dead, is enough.
            Beat one = beats.stream().filter(any -> !any.alive()).findFirst().orElse(beats.get(0));
            return new Beat(one.alive(), one.epoch(), beat ? takeLosses() : List.of());
        });
    }

    CompletableFuture<Beat> hear(Bucket bucket, boolean beat) {
        long before = time.nanoTime();
        return bucket.hear(beat)
                .thenApply(reply -> {
                    boolean alive = reply.is("1");
                    if (reply.text(2).equals("1")) {
                        skip(bucket, reply.texts(4));
                    }
                    // When it was decided is not known, but that it was before this was asked, or just then.
                    reply.texts(3).forEach(message -> bucket.message(message, text -> message(text, before)));
                    reply.texts(4).forEach(event -> bucket.event(event, this::event));
                    if (!alive) {
                        end();
                    }
                    String epoch = reply.text(1);
                    // A store that has no epoch has begun anew as well, and nobody has joined it yet.
                    boolean same = epoch.equals(bucket.epoch());
                    return new Beat(alive && same, same ? buckets.all().get(0).epoch() : epoch, List.of());
                })
                .whenComplete((heard, failure) -> {
                    if (failure != null && !closed) {
                        LOG.debug("could not ask what there is to hear", failure);
                    }
                });
    }

    private void skip(Bucket bucket, List<String> events) {
        if (!events.isEmpty()) {
            bucket.skipTo(events.get(0));
        }
        teller.tell(() -> {
            toldBefore.clear();
            listener.missed();
        });
    }

    private void event(String text) {
        LockEvent event = Wire.event(text);
        noteLoss(event);
        teller.tell(() -> {
            if (!toldBefore.remove(event.number())) {
                tell(event);
            }
        });
    }

    /** For the answer to the next beat, which tells all losses once more. */
    private void noteLoss(LockEvent event) {
        if (event.loss().isPresent()) {
            losses.add(event);
        }
    }

    private List<LockEvent> takeLosses() {
        List<LockEvent> taken = new ArrayList<>();
        for (LockEvent loss = losses.poll(); loss != null; loss = losses.poll()) {
            taken.add(loss);
        }
        return taken;
    }

    private void tell(LockEvent event) {
        refs.happened(event);
        // Of what is removed or lost without being kept, only the owner hears.
        if (!event.holds().isEmpty() || event instanceof LockEvent.Moved || event instanceof LockEvent.Removed) {
            listener.happened(event);
        }
    }

    private void message(String text, long nanoTime) {
        teller.tell(() -> told(text, nanoTime));
    }

    private void told(String text, long nanoTime) {
        List<String> lines = List.of(text.split("\n", -1));
        String[] f = lines.get(0).split("\t", -1);
        switch (f[0]) {
            case "decided" -> decided(f[1], lines.subList(1, lines.size()), nanoTime);
            case "lost" -> {
                Ask ask = line.of(f[1]);
                if (ask != null) {
                    listener.lost(ask, Wire.loss(f));
                }
            }
            case "over" -> {
                LockOwner client = new LockOwner(Wire.given(f[1]), Wire.given(f[2]), null);
                // Who it was is all that the listener needs.
                listener.over(new Connection(client, SessionPolicy.RELEASE, Long.parseLong(f[3]), null));
            }
            case "history" -> listener.historyOver(Wire.unescape(f[1]), Long.parseLong(f[2]));
            case "moved" -> line.moved(f[1], Wire.path(f[2]), Wire.path(f[3]));
            case "event" -> early(Wire.event(text.substring(text.indexOf('\t') + 1)));
            default -> LOG.warn("the store told something unknown: {}", f[0]);
        }
    }

    /** An event that this process must not miss has come by itself; it will come once more in its place. */
    private void early(LockEvent event) {
        boolean told = buckets.of(event.root().rootName()).isPast(event.number());
        if (!told && toldBefore.add(event.number())) {
            noteLoss(event);
            tell(event);
        }
    }

    private void decided(String key, List<String> answer, long nanoTime) {
        Ask ask = line.of(key);
        if (ask == null) {
            return;
        }
        line.decided(
                key,
                switch (answer.get(0)) {
                    case "granted" -> granted(ask, answer, nanoTime);
                    case "refused" -> Wire.refused(answer);
                    case "ended" -> new Answer.ClientEnded();
                    case "removed" -> Wire.removed(answer);
                    default -> new Answer.ProcessGone();
                });
    }

    /** Reads {@code granted, fence, ownSince} and for each kept hold {@code created hold}. */
    Answer.Granted granted(Ask ask, List<String> answer, long nanoTime) {
        ask.granted(Long.parseLong(answer.get(1)), nanoTime);
        if (ask.isTransaction()) {
            ask.ownSince(Long.parseLong(answer.get(2)));
        }
        if (answer.size() == 3) {
            return Answer.SCOPED;
        }
        List<Answer.Kept> kept = new ArrayList<>(2);
        for (String one : answer.subList(3, answer.size())) {
            HoldInfo info = Wire.info(one.substring(2));
            kept.add(new Answer.Kept(refs.of(info), info.fence(), one.charAt(0) == '1'));
        }
        return new Answer.Granted(kept);
    }
}
