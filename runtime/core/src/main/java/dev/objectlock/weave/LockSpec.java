package dev.objectlock.weave;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.OnLost;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import dev.objectlock.engine.Engine;
import dev.objectlock.engine.Waiting;
import dev.objectlock.grammar.Durations;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one {@link ObjectLock} says, with its names resolved.
 *
 * @param paths the objects
 * @param scoped on what terms they are held for the call
 * @param kept on what terms they are kept besides, or null
 * @param waiting for what it waits
 * @param skipIf when it takes nothing
 */
record LockSpec(Paths paths, Terms scoped, @Nullable Terms kept, Waiting waiting, Condition skipIf) {

    static LockSpec read(ObjectLock lock, Place place) {
        refuseWhatIsNotThereYet(lock, place);
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
        Terms kept = lock.keep()
                ? Terms.kept(lock.mode(), lock.scope(), lock.access(), Engine.defaultLease(lock.mode(), lease))
                : null;
        return new LockSpec(
                Paths.read(lock.path(), place),
                Terms.scoped(lock.mode(), lock.scope(), lock.access()),
                kept,
                Waiting.of(waitFor, lock.mode(), lock.keep()),
                Condition.read(lock.skipIf(), place));
    }

    private static void refuseWhatIsNotThereYet(ObjectLock lock, Place place) {
        if (lock.slots() != 0) {
            throw place.wrong("@ObjectLock(slots = " + lock.slots() + ") is not possible yet");
        }
        if (!lock.maxHold().isEmpty()) {
            throw place.wrong("@ObjectLock(maxHold = \"" + lock.maxHold() + "\") is not possible yet");
        }
        if (lock.onLost() == OnLost.INTERRUPT) {
            throw place.wrong("@ObjectLock(onLost = INTERRUPT) is not possible yet");
        }
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
            claims.add(new Claim(path, scoped));
            if (kept != null) {
                claims.add(new Claim(path, kept));
            }
        });
    }

    /** The one claim of a call, where there is exactly one for every call; else null. */
    @Nullable
    Claim onlyClaim(@Nullable Object target, @Nullable Object[] args) {
        return kept == null && skipIf.isNever() && paths.isSingle()
                ? new Claim(paths.single(target, args), scoped)
                : null;
    }
}
