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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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

    private static final Duration TOGETHER = Duration.ofMillis(50);

    /** What comes before the kept holds in {@code granted}. */
    private static final int BEFORE_KEPT = 3;

    /** Of a request of which only the name is known. */
    private static final String MOST_CLAIMS = "64";

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

    /** Has a request wait that the store may have forgotten. */
    private final Consumer<Ask> waitAgain;

    private final AtomicBoolean comparing = new AtomicBoolean();
    private final ReentrantLock ending = new ReentrantLock();
    private @Nullable CompletableFuture<Boolean> ended;
    private volatile boolean closed;

    Hearing(
            Server server,
            Buckets buckets,
            Line line,
            KeptRefs refs,
            ProcessListener listener,
            Teller teller,
            LockTime time,
            Consumer<Ask> waitAgain) {
        this.server = server;
        this.buckets = buckets;
        this.line = line;
        this.refs = refs;
        this.listener = listener;
        this.teller = teller;
        this.time = time;
        this.waitAgain = waitAgain;
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

    /**
     * Some bucket takes this process for dead, or has begun anew: then it ends everywhere, before it begins as another, so that
     * nothing of it is left elsewhere.
     */
    private CompletableFuture<Boolean> endEverywhere() {
        end();
        ending.lock();
        try {
            if (ended == null || ended.isDone() && !ended.join()) {
                // What has ended with it is told before it is another, which hears only what comes later.
                ended = CompletableFuture.allOf(
                                buckets.all().stream().map(this::leaveAsDead).toArray(CompletableFuture[]::new))
                        .handle((left, failure) -> failure == null)
                        .thenCompose(done -> told(() -> done));
            }
            return ended;
        } finally {
            ending.unlock();
        }
    }

    private CompletableFuture<?> leaveAsDead(Bucket bucket) {
        // Where there is only one, that is the one which takes it for dead.
        CompletableFuture<?> left =
                buckets.all().size() == 1 ? CompletableFuture.completedFuture(true) : leave(bucket, "dead");
        return left.thenCompose(done -> ask(bucket, false, true));
    }

    CompletableFuture<Reply> leave(Bucket bucket, String how) {
        return bucket.run("leave", how)
                .thenCompose(reply -> reply.is("more") ? leave(bucket, how) : CompletableFuture.completedFuture(reply));
    }

    /** A request was told that the process is dead. */
    CompletableFuture<Boolean> gone() {
        return endEverywhere();
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
                : bucket.message(message, text -> heardNow(text));
        if (!complete) {
            hear(bucket);
        }
    }

    @Override
    public void subscribed(String channel) {
        Bucket bucket = closed ? null : bucketOf(channel);
        if (bucket != null && bucket.hasJoined() && channel.equals(bucket.processChannel())) {
            hear(bucket);
        }
    }

    /** In a moment, for all the connections that come together. */
    @Override
    public void connected() {
        if (!closed && !comparing.getAndSet(true)) {
            time.schedule(TOGETHER, () -> {
                comparing.set(false);
                if (!closed) {
                    buckets.all().stream().filter(Bucket::hasJoined).forEach(bucket -> compare(bucket, true));
                }
            });
        }
    }

    /**
     * What answers now may be another server than before, which has not got all that was answered: a replica after a failover, or
     * one that has lost its last second. What it has forgotten is lost; what it has again, and nobody else, is given back.
     *
     * @param mayBeOlder whether it may have forgotten anything; else only what was told is missing
     */
    private void compare(Bucket bucket, boolean mayBeOlder) {
        List<Ask> granted = in(bucket, line.granted(), Ask::rootName);
        List<KeptRef> kept = in(bucket, refs.all(), ref -> ref.path().rootName());
        List<String> asks =
                in(bucket, line.all(), Ask::rootName).stream().map(Wire::key).toList();
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(asks.size()));
        arguments.addAll(asks);
        granted.forEach(ask -> arguments.addAll(scopedIds(ask)));
        kept.forEach(ref -> arguments.add(Wire.escape(ref.id())));
        bucket.run("compare", arguments.toArray(String[]::new))
                .thenCompose(reply -> hear(bucket).thenApply(next -> reply))
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        LOG.debug("could not compare the holds; the next connection does", failure);
                        return;
                    }
                    Set<String> missing = Set.copyOf(reply.texts(0));
                    if (mayBeOlder) {
                        teller.tell(() -> forgotten(missing, granted, kept));
                        Set<String> notWaiting = Set.copyOf(reply.texts(2));
                        in(bucket, line.waiting(), Ask::rootName).stream()
                                .filter(ask -> notWaiting.contains(Wire.key(ask)))
                                .forEach(waitAgain);
                    } else {
                        // Their end was among what cannot be told any more; a loss has been told to this process by
                        // itself.
                        missing.forEach(refs::ended);
                    }
                    reply.texts(1).stream()
                            .filter(key -> line.of(key) == null)
                            .distinct()
                            .forEach(key -> bucket.run("undo", key, MOST_CLAIMS));
                });
    }

    private <T> List<T> in(Bucket bucket, List<T> things, Function<T, String> root) {
        return things.stream()
                .filter(one -> buckets.of(root.apply(one)) == bucket)
                .toList();
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
                line.lost(ask);
                listener.lost(ask, loss);
            }
        }
        // One event for what one request took in a tree: that has one number.
        Map<String, List<HoldInfo>> byRequest = new LinkedHashMap<>();
        for (KeptRef ref : kept) {
            if (missing.contains(Wire.escape(ref.id())) && refs.knows(ref)) {
                HoldInfo info = ref.info();
                byRequest
                        .computeIfAbsent(info.path().rootName() + "#" + info.fence(), request -> new ArrayList<>())
                        .add(info);
            }
        }
        for (List<HoldInfo> holds : byRequest.values()) {
            LockEvent lost = new LockEvent.Lost(holds, loss.at(), holds.get(0).fence(), loss);
            noteLoss(lost);
            tell(lost);
        }
    }

    /** What a bucket has said. */
    private record Heard(boolean alive, String epoch, Optional<Duration> nextDeadline) {}

    /** Asks for all that was missed in every bucket; with a beat, the process goes on living. */
    CompletableFuture<Beat> hearAll(boolean beat) {
        List<CompletableFuture<Optional<Heard>>> answers = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (Bucket bucket : buckets.all()) {
            answers.add(ask(bucket, beat).thenApply(Optional::of).exceptionally(failure -> {
                failures.add(failure);
                return Optional.empty();
            }));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenCompose(done -> beat(answers, failures));
    }

    /** One bucket that has begun anew, or takes the process for dead, is enough, whatever became of the others. */
    private CompletableFuture<Beat> beat(List<CompletableFuture<Optional<Heard>>> answers, List<Throwable> failures) {
        boolean alive = true;
        StringBuilder epoch = new StringBuilder();
        boolean anew = false;
        for (int i = 0; i < answers.size(); i++) {
            String known = buckets.all().get(i).epoch();
            Optional<Heard> heard = answers.get(i).join();
            alive &= heard.map(Heard::alive).orElse(true);
            String now = heard.map(Heard::epoch).orElse(known);
            anew |= !now.equals(known);
            epoch.append(now).append(' ');
        }
        if (alive && !anew && !failures.isEmpty()) {
            return CompletableFuture.failedFuture(Sending.unwrap(failures.get(0)));
        }
        boolean lives = alive && !anew;
        CompletableFuture<Boolean> ended = lives ? CompletableFuture.completedFuture(true) : endEverywhere();
        // Through the teller, so that a loss is not told before what came earlier.
        return ended.thenCompose(done -> told(() -> new Beat(lives, epoch.toString(), takeLosses())));
    }

    /** What is to be told of the end of this process. */
    CompletableFuture<Boolean> hearLast() {
        return CompletableFuture.allOf(buckets.all().stream()
                        .map(bucket -> ask(bucket, false, true))
                        .toArray(CompletableFuture[]::new))
                .thenApply(done -> true);
    }

    /** A hold was not there any more when it was given back: it is lost, which may have been told or not. */
    CompletableFuture<Boolean> lossOf(Ask ask, Bucket bucket) {
        return ask(bucket, false)
                .thenCompose(heard -> told(() -> {
                    if (line.has(ask) && (!heard.alive() || !heard.epoch().equals(bucket.epoch()))) {
                        Loss.Reason why = heard.epoch().equals(bucket.epoch())
                                ? Loss.Reason.PROCESS_DEAD
                                : Loss.Reason.STORE_RESET;
                        listener.lost(ask, new Loss(why, null, null, time.now()));
                    }
                    line.forget(ask);
                    return true;
                }));
    }

    /** Completes when all that has been heard so far has been told. */
    <T> CompletableFuture<T> told(Supplier<T> result) {
        CompletableFuture<T> out = new CompletableFuture<>();
        if (teller.isTelling() || !teller.tell(() -> out.complete(result.get()))) {
            out.complete(result.get());
        }
        return out;
    }

    /** Asks a bucket for all that was missed; completes when it has been told. */
    CompletableFuture<Optional<Duration>> hear(Bucket bucket) {
        return ask(bucket, false).thenCompose(heard -> told(heard::nextDeadline));
    }

    private CompletableFuture<Heard> ask(Bucket bucket, boolean beat) {
        return ask(bucket, beat, false);
    }

    private CompletableFuture<Heard> ask(Bucket bucket, boolean beat, boolean last) {
        long before = time.nanoTime();
        return bucket.hear(beat)
                .thenApply(reply -> {
                    boolean alive = reply.is("1");
                    if (reply.text(2).equals("1")) {
                        skip(bucket, reply, alive);
                    }
                    long storeNow = Long.parseLong(reply.text(5));
                    reply.texts(4).forEach(event -> bucket.event(event, this::event));
                    reply.texts(3)
                            .forEach(message ->
                                    bucket.message(message, text -> teller.tell(() -> told(text, before, storeNow))));
                    if (!alive && !last) {
                        end();
                    }
                    Optional<Duration> next = Optional.of(reply.text(6))
                            .filter(micros -> !micros.isEmpty())
                            .map(Wire::duration);
                    return new Heard(alive, reply.text(1), next);
                })
                .whenComplete((heard, failure) -> {
                    if (failure != null && !closed) {
                        LOG.debug("could not ask what there is to hear", failure);
                    }
                });
    }

    private void skip(Bucket bucket, Reply reply, boolean alive) {
        List<String> events = reply.texts(4);
        long newest = Long.parseLong(reply.text(7));
        boolean isOlder = bucket.isPast(newest + 1);
        if (isOlder || events.isEmpty()) {
            bucket.goTo(newest);
        } else {
            bucket.skipTo(events.get(0));
        }
        teller.tell(() -> {
            toldBefore.clear();
            listener.missed();
        });
        // What a dead process has lost was told to nobody else.
        compare(bucket, isOlder || !alive);
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

    private void heardNow(String text) {
        long nanoTime = time.nanoTime();
        teller.tell(() -> told(text, nanoTime, 0));
    }

    /**
     * Passes a message on.
     *
     * @param nanoTime the time of this process when it came, or was asked for
     * @param storeNow the time of the store at that moment, or 0 if it came by itself
     */
    private void told(String text, long nanoTime, long storeNow) {
        List<String> lines = List.of(text.split("\n", -1));
        String[] f = lines.get(0).split("\t", -1);
        switch (f[0]) {
            case "decided" -> {
                long age = storeNow == 0 ? 0 : Math.max(0, storeNow - Long.parseLong(f[2]));
                decided(f[1], lines.subList(1, lines.size()), nanoTime - TimeUnit.MICROSECONDS.toNanos(age));
            }
            case "lost" -> {
                Ask ask = line.of(f[1]);
                if (ask != null) {
                    line.lost(ask);
                    listener.lost(ask, Wire.loss(f));
                }
            }
            case "over" -> {
                LockOwner client = new LockOwner(Wire.given(f[1]), Wire.given(f[2]), null);
                // Who it was is all that the listener needs.
                listener.over(new Connection(client, SessionPolicy.RELEASE, Long.parseLong(f[3]), null));
            }
            case "renew" -> listener.mustRenew(Wire.duration(f[1]));
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
            // What it kept may have been taken when it was asked again, since the first answer was lost.
            if (answer.get(0).equals("granted") && keptBy(answer).stream().noneMatch(refs::knows)) {
                nobodyWants(key);
            }
            return;
        }
        line.decided(
                key,
                switch (answer.get(0)) {
                    case "granted" -> granted(ask, answer, nanoTime);
                    case "refused" -> Wire.refused(answer);
                    case "ended" -> new Answer.ClientEnded();
                    case "removed" -> Wire.removed(answer);
                    case "slots" ->
                        new Answer.SlotsDiffer(Integer.parseInt(answer.get(1)), Integer.parseInt(answer.get(2)));
                    default -> new Answer.ProcessGone();
                });
    }

    private static List<String> keptBy(List<String> granted) {
        return granted.stream()
                .skip(BEFORE_KEPT)
                .map(one -> Wire.info(one.substring(2)).id())
                .toList();
    }

    /** It was given up, or forgotten by a server that had it in its line again. */
    private void nobodyWants(String key) {
        LOG.debug("request {} was granted, and nobody waits for it any more", key);
        buckets.all().forEach(bucket -> bucket.run("undo", key, MOST_CLAIMS));
    }

    /** Reads {@code granted, fence, ownSince} and for each kept hold {@code created hold}. */
    Answer.Granted granted(Ask ask, List<String> answer, long nanoTime) {
        ask.granted(Long.parseLong(answer.get(1)), nanoTime);
        if (ask.isTransaction()) {
            ask.ownSince(Long.parseLong(answer.get(2)));
        }
        if (answer.size() == BEFORE_KEPT) {
            return Answer.SCOPED;
        }
        List<Answer.Kept> kept = new ArrayList<>(2);
        for (String one : answer.subList(BEFORE_KEPT, answer.size())) {
            HoldInfo info = Wire.info(one.substring(2));
            kept.add(new Answer.Kept(refs.granted(info), info.fence(), one.charAt(0) == '1'));
        }
        return new Answer.Granted(kept);
    }
}
