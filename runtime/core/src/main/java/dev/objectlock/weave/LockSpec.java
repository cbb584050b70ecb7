package dev.objectlock.weave;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.OnLost;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import dev.objectlock.engine.Claims;
import dev.objectlock.engine.Waiting;
import dev.objectlock.grammar.Durations;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one {@link ObjectLock} says, with its names resolved.
 *
 * @param paths the objects
 * @param scoped on what terms they are held for the call, or null if they are only kept
 * @param kept on what terms they are kept besides, or null
 * @param waiting for what it waits
 * @param skipIf when it takes nothing
 * @param interrupts whether the body is interrupted when the hold is lost
 */
record LockSpec(
        Paths paths,
        @Nullable Terms scoped,
        @Nullable Terms kept,
        Waiting waiting,
        Condition skipIf,
        boolean interrupts) {

    static LockSpec read(ObjectLock lock, Place place) {
        checkSlots(lock, place);
        if (!lock.keep() && !lock.lease().isEmpty()) {
            throw place.wrong("@ObjectLock(lease = \"" + lock.lease()
                    + "\") needs keep = true: without it the lock ends" + " with the call and has no lease");
        }
        if (lock.mode() == LockMode.MONITOR && lock.scope() == LockScope.TREE) {
            throw place.wrong("@ObjectLock(mode = MONITOR, scope = TREE): a monitor is for one object; use USER or"
                    + " CLIENT, or several paths");
        }
        Duration waitFor = place.read(lock.waitFor(), text -> Durations.parseWait(text, "waitFor"));
        Duration lease = place.read(lock.lease(), text -> Durations.parse(text, "lease"));
        if (lease != null && lease.isZero()) {
            throw place.wrong("@ObjectLock(lease = \"" + lock.lease() + "\") must be more than zero");
        }
        Duration maxHold = place.read(lock.maxHold(), text -> Durations.parse(text, "maxHold"));
        if (maxHold != null && maxHold.isZero()) {
            throw place.wrong("@ObjectLock(maxHold = \"" + lock.maxHold() + "\") must be more than zero");
        }
        Terms kept = lock.keep()
                ? Terms.kept(lock.mode(), lock.scope(), lock.access(), Claims.defaultLease(lock.mode(), lease))
                        .withMaxHold(maxHold)
                        .withSlots(lock.slots())
                : null;
        // A slot is taken once: for the call or to keep. Beside a kept hold that ends, the call keeps its own to its
        // end.
        Terms scoped = kept != null && lock.slots() > 0
                ? null
                : Terms.scoped(lock.mode(), lock.scope(), lock.access())
                        .withMaxHold(kept == null ? maxHold : null)
                        .withSlots(lock.slots());
        return new LockSpec(
                Paths.read(lock.path(), place),
                scoped,
                kept,
                Waiting.of(waitFor, lock.mode(), lock.keep()),
                Condition.read(lock.skipIf(), place),
                lock.onLost() == OnLost.INTERRUPT);
    }

    private static void checkSlots(ObjectLock lock, Place place) {
        if (lock.slots() < 0) {
            throw place.wrong("@ObjectLock(slots = " + lock.slots() + ") must be at least 1, or left out");
        }
        if (lock.slots() > 0 && (lock.mode() != LockMode.MONITOR || lock.access() == LockAccess.SHARED)) {
            throw place.wrong("@ObjectLock(slots = " + lock.slots()
                    + ") goes with mode = MONITOR, EXCLUSIVE: whoever it" + " is, one slot each");
        }
    }

    LockMode mode() {
        return (scoped != null ? scoped : java.util.Objects.requireNonNull(kept)).mode();
    }

    boolean isMonitor() {
        return scoped != null && scoped.isMonitor();
    }

    /**
     * Adds the claims of one call: first the scoped ones, then the kept.
     *
     * @throws LockConfigurationException if a value cannot name an object
     */
    void addClaims(@Nullable Object target, @Nullable Object[] args, List<Claim> claims) {
        if (skipIf.holds(target, args)) {
            return;
        }
        paths.forEach(target, args, path -> {
            if (scoped != null) {
                claims.add(new Claim(path, scoped));
            }
            if (kept != null) {
                claims.add(new Claim(path, kept));
            }
        });
    }

    /** The one claim of a call, where there is exactly one for every call; else null. */
    @Nullable
    Claim onlyClaim(@Nullable Object target, @Nullable Object[] args) {
        return kept == null && scoped != null && skipIf.isNever() && paths.isSingle()
                ? new Claim(paths.single(target, args), scoped)
                : null;
    }
}
