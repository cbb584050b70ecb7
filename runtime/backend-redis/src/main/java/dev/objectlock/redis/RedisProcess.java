package dev.objectlock.redis;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockSnapshot;
import dev.objectlock.LockStatus;
import dev.objectlock.Loss;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Beat;
import dev.objectlock.backend.ChangeAnswer;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.ProcessListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A process that keeps its holds in Redis: says what it wants to the bucket in question, and reads the answer. */
final class RedisProcess implements JoinedProcess {

    /** The limits of {@link LockPath}, checked again where the store makes paths. */
    private static final String MOST_BYTES = "1024";

    private static final String MOST_SEGMENTS = "32";
    private static final String PAGE = "500";

    private static final Comparator<HoldInfo> BY_PATH =
            Comparator.comparing(HoldInfo::path).thenComparing(HoldInfo::fence);

    private final String id;
    private final Buckets buckets;
    private final Line line;
    private final KeptRefs refs = new KeptRefs();
    private final Hearing hearing;
    private final Uses uses;
    private final Clients clients;

    RedisProcess(Settings settings, Server server, String id, ProcessListener listener, Teller teller) {
        this.id = id;
        this.buckets = new Buckets(settings, server, id);
        this.line = new Line(settings.time(), settings.processTimeout().dividedBy(3), root -> hearing()
                .hear(buckets.of(root)));
        this.hearing = new Hearing(server, buckets, line, refs, listener, teller, settings.time(), this::waitAgain);
        this.uses = new Uses(settings.time(), id, buckets, hearing);
        this.clients = new Clients(settings.time(), buckets, hearing);
    }

    Hearing hearing() {
        return hearing;
    }

    Buckets buckets() {
        return buckets;
    }

    boolean hasEnded() {
        return hearing.isClosed();
    }

    @Override
    public String id() {
        return id;
    }

    private Bucket bucket(LockPath path) {
        return buckets.of(path.rootName());
    }

    private CompletableFuture<Reply> run(LockPath path, String operation, String... arguments) {
        return bucket(path).run(operation, arguments);
    }

    private CompletableFuture<Reply> run(LockPath path, String operation, List<String> arguments) {
        return bucket(path).run(operation, arguments.toArray(String[]::new));
    }

    @Override
    public CompletionStage<Answer> ask(Ask ask) {
        line.sent(ask);
        List<String> arguments = new ArrayList<>(16);
        Wire.addAsk(arguments, ask);
        return buckets.of(ask.rootName())
                .run("ask", arguments.toArray(String[]::new))
                .thenCompose(reply -> reply.is("GONE")
                        ? gone(ask).thenApply(ended -> new Answer.ProcessGone())
                        : CompletableFuture.completedFuture(answered(ask, reply)))
                .whenComplete((answer, failure) -> {
                    boolean known = failure != null
                            && Sending.unwrap(failure) instanceof LockBackendException cause
                            && cause.isOutcomeKnown();
                    if (known) {
                        line.forget(ask);
                    }
                });
    }

    /** What answers now may be a server that has forgotten its last second, and with it who waits. It decides by a message. */
    private void waitAgain(Ask ask) {
        Bucket bucket = buckets.of(ask.rootName());
        List<String> arguments = new ArrayList<>(16);
        Wire.addAsk(arguments, ask);
        bucket.run("waitAgain", arguments.toArray(String[]::new)).thenAccept(done -> {
            if (!line.isWaiting(ask)) {
                // It was given up, or decided, while this was on its way.
                bucket.run("withdraw", Wire.key(ask));
            }
        });
    }

    private CompletableFuture<Boolean> gone(Ask ask) {
        // Another process of the same engine may get it.
        line.forget(ask);
        return hearing.gone();
    }

    private Answer answered(Ask ask, Reply reply) {
        if (reply.is("granted")) {
            Answer.Granted granted = hearing.granted(ask, reply.texts(), ask.askedAt());
            if (granted.kept().size() == ask.claims().size()) {
                line.forget(ask);
            }
            return granted;
        }
        if (reply.is("queued")) {
            Answer.Refused refused = Wire.refused(reply.texts());
            return new Answer.Queued(refused, line.queued(ask, refused));
        }
        line.forget(ask);
        if (reply.is("slots")) {
            return new Answer.SlotsDiffer(reply.number(1), reply.number(2));
        }
        if (reply.is("undone")) {
            throw new LockBackendException("the request had been given up before it arrived", true, null);
        }
        return Wire.refused(reply.texts());
    }

    @Override
    public CompletionStage<Optional<Answer.Refused>> withdraw(Ask ask) {
        Bucket bucket = buckets.of(ask.rootName());
        return bucket.run("withdraw", Wire.key(ask)).thenCompose(reply -> {
            if (!reply.isEmpty()) {
                line.forget(ask);
                return CompletableFuture.completedFuture(Optional.of(Wire.refused(reply.texts())));
            }
            // It has been decided, and the decision may have been missed; or it had been withdrawn, and that reply was
            // lost.
            return hearing.hear(bucket).thenApply(heard -> {
                Optional<Answer.Refused> undecided = line.giveUp(ask);
                undecided.ifPresent(refused -> undo(ask));
                return undecided;
            });
        });
    }

    @Override
    public CompletionStage<Void> giveBack(Ask ask) {
        Bucket bucket = buckets.of(ask.rootName());
        long scoped =
                ask.claims().stream().filter(claim -> !claim.terms().kept()).count();
        return done(bucket.run(
                        "giveBack", Wire.key(ask), Integer.toString(ask.claims().size()), Wire.escape(ask.rootName()))
                .thenCompose(reply -> {
                    if (reply.number(0) == scoped || !line.has(ask)) {
                        line.forget(ask);
                        return CompletableFuture.completedFuture(true);
                    }
                    // Something of it was gone: whoever gives it back has to hear that first.
                    return hearing.lossOf(ask, bucket);
                }));
    }

    @Override
    public CompletionStage<Void> undo(Ask ask) {
        line.forget(ask);
        return done(buckets.of(ask.rootName())
                .run("undo", Wire.key(ask), Integer.toString(ask.claims().size())));
    }

    private static CompletionStage<Void> done(CompletableFuture<?> reply) {
        return reply.thenApply(any -> null);
    }

    /** What a change does to this process's own holds is told before the change is answered. */
    private CompletableFuture<Reply> runAndHear(LockPath path, String operation, List<String> arguments) {
        return run(path, operation, arguments)
                .thenCompose(reply -> hearing.hear(bucket(path)).thenApply(next -> reply));
    }

    @Override
    public CompletionStage<Integer> giveBack(Collection<HoldRef> holds) {
        if (holds.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        LockPath path = holds.iterator().next().path();
        List<String> ids = holds.stream().map(hold -> Wire.escape(hold.id())).toList();
        return run(path, "giveBackKept", ids).thenApply(reply -> {
            ids.forEach(refs::ended);
            return reply.number(0);
        });
    }

    @Override
    public CompletionStage<Released> release(LockPath path, Set<LockMode> modes, LockOwner owner, boolean ofAnyClient) {
        List<String> arguments = new ArrayList<>(6);
        arguments.add(Wire.path(path));
        arguments.add(Wire.modes(modes));
        arguments.add(Wire.flag(ofAnyClient));
        Wire.addOwner(arguments, owner);
        return run(path, "release", arguments).thenApply(reply -> {
            reply.texts().stream().skip(1).forEach(refs::ended);
            return Released.valueOf(reply.text(0));
        });
    }

    @Override
    public CompletionStage<List<HoldRef>> find(LockPath path, Set<LockMode> modes, LockOwner owner) {
        List<String> arguments = new ArrayList<>(5);
        arguments.add(Wire.path(path));
        arguments.add(Wire.modes(modes));
        Wire.addOwner(arguments, owner);
        return run(path, "find", arguments).thenApply(reply -> Wire.infos(reply.texts()).stream()
                .<HoldRef>map(refs::of)
                .toList());
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> inspect(HoldRef hold) {
        return look(hold, "inspect");
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> renew(HoldRef hold) {
        return look(hold, "renew");
    }

    private CompletionStage<Optional<HoldInfo>> look(HoldRef hold, String operation) {
        return run(hold.path(), operation, Wire.escape(hold.id()))
                .thenCompose(reply -> reply.isEmpty()
                        // Why it is gone has to be known before that it is gone.
                        ? hearing.hear(bucket(hold.path())).thenApply(next -> Optional.empty())
                        : CompletableFuture.completedFuture(optional(reply)));
    }

    private static Optional<HoldInfo> optional(Reply reply) {
        return reply.isEmpty() ? Optional.empty() : Optional.of(Wire.info(reply.text(0)));
    }

    @Override
    public CompletionStage<GuardAnswer.Use> use(HoldRef hold) {
        return uses.use(hold);
    }

    @Override
    public CompletionStage<GuardAnswer> guard(Guard guard) {
        return uses.guard(guard);
    }

    @Override
    public CompletionStage<List<HoldInfo>> override(LockPath path, LockOwner by, String reason) {
        return infos(runAndHear(path, "override", List.of(Wire.path(path), Wire.by(by, reason))));
    }

    private static CompletionStage<List<HoldInfo>> infos(CompletableFuture<Reply> reply) {
        return reply.thenApply(lines -> Wire.infos(lines.texts()));
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> override(LockPath under, String holdId, LockOwner by, String reason) {
        return runAndHear(
                        under,
                        "overrideOne",
                        List.of(
                                Wire.escape(under.rootName()),
                                Wire.escape(holdId),
                                Wire.by(by, reason),
                                Wire.owner(by),
                                Wire.optional(reason)))
                .thenApply(RedisProcess::optional);
    }

    @Override
    public CompletionStage<Optional<String>> token(HoldRef hold) {
        String bucket = Integer.toString(buckets.numberOf(hold.path().rootName()));
        return run(hold.path(), "token", Wire.escape(hold.id()), bucket + "." + Secrets.next())
                .thenApply(reply -> reply.isEmpty() ? Optional.empty() : Optional.of(reply.text(0)));
    }

    @Override
    public CompletionStage<Optional<HoldRef>> attach(String token) {
        Optional<Bucket> bucket = buckets.ofToken(token);
        if (bucket.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return bucket.get().run("attach", Wire.escape(token)).thenApply(reply -> optional(reply)
                .map(refs::of));
    }

    @Override
    public CompletionStage<ChangeAnswer> changeScope(
            LockPath path, LockScope scope, LockOwner owner, boolean passesWaiters) {
        List<String> arguments = new ArrayList<>(6);
        arguments.add(Wire.path(path));
        arguments.add(Wire.scope(scope));
        arguments.add(Wire.flag(passesWaiters));
        Wire.addOwner(arguments, owner);
        return run(path, "changeScope", arguments).thenApply(reply -> {
            if (reply.is("narrowed")) {
                HoldInfo narrowed = Wire.info(reply.text(1));
                throw new LockConfigurationException("the lock on " + path + " " + narrowed.extent()
                        + " cannot be changed to TREE: an extent is part of one object");
            }
            return changed(reply);
        });
    }

    private static ChangeAnswer changed(Reply reply) {
        if (reply.is("notHeld")) {
            return new ChangeAnswer.NotHeld();
        }
        return reply.is("inTheWay")
                ? new ChangeAnswer.InTheWay(Wire.path(reply.text(1)), Wire.blocker(reply.text(2), reply.text(3)))
                : new ChangeAnswer.Done();
    }

    @Override
    public CompletionStage<ChangeAnswer> move(LockPath from, LockPath to, LockOwner owner) {
        List<String> arguments = new ArrayList<>(7);
        arguments.add(Wire.path(from));
        arguments.add(Wire.path(to));
        arguments.add(MOST_BYTES);
        arguments.add(MOST_SEGMENTS);
        Wire.addOwner(arguments, owner);
        return runAndHear(from, "move", arguments).thenApply(reply -> {
            if (reply.is("tooLong")) {
                LockPath tooLong = Wire.path(reply.text(1));
                throw new LockConfigurationException(tooLong + " cannot be moved with " + from + " to " + to
                        + ": the path would be too long, " + tooLong.moved(from, to));
            }
            return changed(reply);
        });
    }

    @Override
    public CompletionStage<List<HoldInfo>> remove(LockPath path, LockOwner by) {
        List<String> arguments = new ArrayList<>(6);
        arguments.add(Wire.path(path));
        arguments.add(Wire.owner(by));
        arguments.add(Wire.owner(by));
        Wire.addOwner(arguments, by);
        return infos(runAndHear(path, "remove", arguments));
    }

    @Override
    public CompletionStage<List<HoldInfo>> waitsFor(Ask ask) {
        return infos(buckets.of(ask.rootName()).run("waitsFor", Wire.key(ask)));
    }

    @Override
    public CompletionStage<Optional<Answer>> check(Ask ask) {
        List<String> arguments = new ArrayList<>(32);
        Wire.addAsk(arguments, ask);
        return buckets.of(ask.rootName())
                .run("check", arguments.toArray(String[]::new))
                .thenApply(reply -> {
                    if (reply.isEmpty()) {
                        return Optional.empty();
                    }
                    return Optional.of(
                            reply.is("slots")
                                    ? new Answer.SlotsDiffer(reply.number(1), reply.number(2))
                                    : Wire.refused(reply.texts()));
                });
    }

    @Override
    public CompletionStage<Connection> openClient(LockOwner client, String secret, SessionPolicy policy) {
        return clients.open(client, secret, policy);
    }

    @Override
    public CompletionStage<Optional<Connection>> resumeClient(String client, String secret) {
        return clients.resume(client, secret);
    }

    @Override
    public CompletionStage<Optional<Connection>> presentClient(Connection former, String secret) {
        return clients.present(former, secret);
    }

    @Override
    public CompletionStage<Void> disconnectClient(Connection connection) {
        return clients.disconnect(connection);
    }

    @Override
    public CompletionStage<Void> endClient(Connection connection) {
        return clients.end(connection);
    }

    @Override
    public CompletionStage<Integer> endUser(String user, LockOwner by, String reason) {
        return clients.endUser(user, by, reason);
    }

    @Override
    public CompletionStage<LockStatus> status(LockPath path) {
        return run(path, "status", Wire.path(path))
                .thenApply(reply -> new LockStatus(path, Wire.infos(reply.texts(0)), Wire.infos(reply.texts(1))));
    }

    @Override
    public CompletionStage<List<HoldInfo>> list(LockPath under) {
        List<HoldInfo> found = new ArrayList<>();
        return pages(
                        after -> run(under, "list", Wire.path(under), after, PAGE),
                        reply -> found.addAll(Wire.infos(reply.texts(1))))
                .thenApply(done -> found.stream().sorted(BY_PATH).toList());
    }

    /** Asks page after page, until there is none. */
    private static CompletableFuture<Void> pages(
            Function<String, CompletableFuture<Reply>> page, java.util.function.Consumer<Reply> read) {
        return nextPage("", page, read);
    }

    private static CompletableFuture<Void> nextPage(
            String after, Function<String, CompletableFuture<Reply>> page, java.util.function.Consumer<Reply> read) {
        return page.apply(after).thenCompose(reply -> {
            read.accept(reply);
            return reply.text(0).isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : nextPage(reply.text(0), page, read);
        });
    }

    @Override
    public CompletionStage<List<LockPath>> roots() {
        Set<LockPath> roots = new TreeSet<>();
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (Bucket bucket : buckets.all()) {
            all = all.thenCompose(before -> pages(after -> bucket.run("roots", after, PAGE), reply -> reply.texts(1)
                    .forEach(root -> roots.add(Wire.path(root)))));
        }
        return all.thenApply(done -> List.copyOf(roots));
    }

    /** All changes are told to every process anyway. */
    @Override
    public CompletionStage<LockSnapshot> watch(LockPath under) {
        return run(under, "watch", Wire.path(under))
                .thenApply(reply -> new LockSnapshot(
                        under,
                        Long.parseLong(reply.text(0)),
                        Wire.infos(reply.texts(1)).stream().sorted(BY_PATH).toList(),
                        false));
    }

    @Override
    public void unwatch(LockPath under) {}

    @Override
    public void forgetHistory(String root) {
        buckets.of(root).run("forgetHistory", Wire.escape(root));
    }

    @Override
    public CompletionStage<Beat> beat() {
        return hearing.hearAll(true);
    }

    @Override
    public CompletionStage<Void> leave() {
        return done(buckets.inAll(bucket -> hearing.leave(bucket, "closed"))
                .thenCompose(left -> hearing.hearLast())
                .whenComplete((left, failure) -> hearing.close(Loss.Reason.CLOSED)));
    }

    @Override
    public CompletionStage<Void> leaveAsDead() {
        hearing.end();
        return done(buckets.inAll(bucket -> hearing.leave(bucket, "dead"))
                .thenCompose(left -> hearing.hearLast())
                .thenAccept(heard -> line.takeAll()));
    }

    @Override
    public String toString() {
        return "process " + id + " in Redis";
    }
}
