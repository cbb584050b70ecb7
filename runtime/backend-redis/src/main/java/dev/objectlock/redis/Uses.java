package dev.objectlock.redis;

import dev.objectlock.LockPath;
import dev.objectlock.LockTime;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The calls of a process that use what is kept, as the store notes them: no lease runs out under a call. */
final class Uses {

    /** When the store could not be told that a use has ended. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final LockTime time;
    private final String process;
    private final Buckets buckets;
    private final Hearing hearing;
    private final AtomicLong last = new AtomicLong();

    Uses(LockTime time, String process, Buckets buckets, Hearing hearing) {
        this.time = time;
        this.process = process;
        this.buckets = buckets;
        this.hearing = hearing;
    }

    private Bucket bucket(LockPath path) {
        return buckets.of(path.rootName());
    }

    private String nextUse() {
        return process + "-" + last.incrementAndGet();
    }

    CompletionStage<GuardAnswer.Use> use(HoldRef hold) {
        String use = nextUse();
        return bucket(hold.path())
                .run("use", use, Wire.escape(hold.id()))
                .whenComplete((reply, failure) -> endIfUnknown(hold.path(), use, failure))
                .thenApply(reply -> ending(hold.path(), use, reply.number(0)));
    }

    private GuardAnswer.Use ending(LockPath path, String use, int used) {
        return used == 0 ? GuardAnswer.Use.NONE : () -> endUse(path, use);
    }

    /** Nobody has what would end it. */
    private void endIfUnknown(LockPath path, String use, @Nullable Throwable failure) {
        if (failure != null) {
            endUse(path, use);
        }
    }

    /** Until the store has taken it: a lease does not run while work is noted that uses it. */
    private void endUse(LockPath path, String use) {
        bucket(path).run("endUse", use).whenComplete((ended, failure) -> {
            if (failure != null && !hearing.isClosed()) {
                time.schedule(AGAIN, () -> endUse(path, use));
            }
        });
    }

    CompletionStage<GuardAnswer> guard(Guard guard) {
        String use = nextUse();
        LockPath path = guard.claim().path();
        List<String> arguments = new ArrayList<>(17);
        arguments.add(use);
        arguments.add(Wire.flag(guard.mustBeHeld()));
        Wire.addOwner(arguments, guard.owner());
        Wire.addClaim(arguments, guard.claim());
        Bucket bucket = bucket(path);
        return bucket.run("guard", arguments.toArray(String[]::new))
                .whenComplete((reply, failure) -> endIfUnknown(path, use, failure))
                .thenCompose(reply -> reply.is("notHeld")
                        ? hearing.hear(bucket).thenApply(next -> reply)
                        : CompletableFuture.completedFuture(reply))
                .thenApply(reply -> {
                    if (reply.is("notHeld")) {
                        return new GuardAnswer.NotHeld();
                    }
                    if (reply.is("inTheWay")) {
                        return new GuardAnswer.InTheWay(Wire.blocker(reply.text(1), reply.text(2)));
                    }
                    return reply.number(1) == 0 ? GuardAnswer.PASSED : new GuardAnswer.Passed(ending(path, use, 1));
                });
    }
}
