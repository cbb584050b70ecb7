package dev.objectlock.examples.robotcell.server;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.Loss;
import dev.objectlock.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the protocol says about locks: shorter than the library's own messages, from the same facts. */
final class Say {

    private Say() {}

    /** Who is in the way: {@code locked by alice (USER on cell:1/robot, since 0.2 s, 59.8 s left)}. */
    static String refusal(Refused refused) {
        LockOwner holder = refused.holder();
        String verb = refused.blocker().waiting() ? "awaited by " : refused.byMonitor() ? "in use by " : "locked by ";
        String screen = holder.isSameUser(refused.asker()) ? "'s other connection" : "";
        return verb + holder.name() + screen + " (" + hold(refused.blocker().hold()) + ")";
    }

    static String hold(HoldInfo hold) {
        Duration age = Duration.between(hold.since(), Instant.now());
        return hold.mode() + " on " + hold.path() + ", since " + seconds(age) + left(hold.remaining());
    }

    static String left(Optional<Duration> timeLeft) {
        return timeLeft.map(left -> ", " + seconds(left) + " left").orElse("");
    }

    static String loss(Loss loss) {
        return switch (loss.reason()) {
            case OVERRIDDEN -> "taken away by " + name(loss.by()) + ": " + loss.text();
            case LEASE_OVER -> "not used for too long";
            case SESSION_ENDED, CLOSED, PROCESS_DEAD, STORE_RESET, FORGOTTEN -> "the session has ended";
            case IDLE -> "nothing was done for too long";
            case MAX_HOLD_OVER -> "the longest time is over";
            case REMOVED -> "it is gone";
        };
    }

    private static String name(@Nullable LockOwner owner) {
        return owner == null ? "nobody" : owner.name();
    }

    /** The answer to a line that a lock, or the lack of a right, kept from being carried out. */
    static Reply reply(LockException failure) {
        if (failure instanceof LockTimeoutException late) {
            return Reply.refused("gave up after " + seconds(late.waited()) + ", " + refusal(late.refused()));
        }
        if (failure instanceof LockBusyException busy) {
            return Reply.refused(refusal(busy.refused()));
        }
        if (failure instanceof LockLostException lost) {
            return Reply.lost(loss(lost.loss()) + "; lock it again");
        }
        if (failure instanceof LockPrivilegeException) {
            return Reply.refused("only the supervisor may do that");
        }
        return Reply.failed(Reply.Status.REFUSED, failure);
    }

    static String since(long nanoTime) {
        return seconds(Duration.ofNanos(System.nanoTime() - nanoTime));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1_000.0);
    }
}
