package dev.objectlock.testkit.model;

import dev.objectlock.LockPath;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.annotation.Require;
import java.util.concurrent.CompletionStage;

/** Guarded work of each kind, which goes on as long as the stage that it is given. */
final class GuardedObject {

    CompletionStage<Void> run(LockPath path, Part wanted, boolean mustHold, CompletionStage<Void> work) {
        if (mustHold) {
            if (wanted.shared()) {
                return wanted.tree() ? readHeldTree(path, work) : readHeld(path, work);
            }
            return wanted.tree() ? heldTree(path, work) : held(path, work);
        }
        if (wanted.shared()) {
            return wanted.tree() ? readTree(path, work) : read(path, work);
        }
        return wanted.tree() ? admittedTree(path, work) : admitted(path, work);
    }

    @Guarded(path = "{path}")
    CompletionStage<Void> admitted(LockPath path, CompletionStage<Void> work) {
        return work;
    }

    @Guarded(path = "{path}", scope = LockScope.TREE)
    CompletionStage<Void> admittedTree(LockPath path, CompletionStage<Void> work) {
        return work;
    }

    @Guarded(path = "{path}", access = LockAccess.SHARED)
    CompletionStage<Void> read(LockPath path, CompletionStage<Void> work) {
        return work;
    }

    @Guarded(path = "{path}", access = LockAccess.SHARED, scope = LockScope.TREE)
    CompletionStage<Void> readTree(LockPath path, CompletionStage<Void> work) {
        return work;
    }

    @Guarded(path = "{path}", require = Require.HELD)
    CompletionStage<Void> held(LockPath path, CompletionStage<Void> work) {
        return work;
    }

    @Guarded(path = "{path}", require = Require.HELD, scope = LockScope.TREE)
    CompletionStage<Void> heldTree(LockPath path, CompletionStage<Void> work) {
        return work;
    }

    @Guarded(path = "{path}", require = Require.HELD, access = LockAccess.SHARED)
    CompletionStage<Void> readHeld(LockPath path, CompletionStage<Void> work) {
        return work;
    }

    @Guarded(path = "{path}", require = Require.HELD, access = LockAccess.SHARED, scope = LockScope.TREE)
    CompletionStage<Void> readHeldTree(LockPath path, CompletionStage<Void> work) {
        return work;
    }
}
