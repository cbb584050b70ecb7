package dev.objectlock.engine;

import dev.objectlock.LockBusyException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Refused;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.ChangeAnswer;

/** What is done to objects as such, for whoever is bound to this thread: another scope, another path, or gone. */
final class ObjectChanges {

    private final Engine engine;

    ObjectChanges(Engine engine) {
        this.engine = engine;
    }

    void changeScope(LockPath path, LockScope scope) {
        if (scope == LockScope.BY_MODE) {
            throw new LockConfigurationException(
                    "a lock on " + path + " can be changed to TREE or OBJECT, not to BY_MODE");
        }
        Flow flow = flow();
        changed(
                engine.ask(
                        () -> "changing the scope of the locks on " + path,
                        process -> process.changeScope(path, scope, flow.owner(), flow.hasScopedHold())),
                flow.owner(),
                "keeps no USER or CLIENT lock on " + path + ", and changing its scope needs one");
    }

    void move(LockPath from, LockPath to) {
        if (!from.rootName().equals(to.rootName())) {
            throw new LockConfigurationException(
                    "an object moves within its tree: " + from + " and " + to + " have different roots");
        }
        if (from.isAtOrAbove(to)) {
            throw new LockConfigurationException(
                    from + " cannot be moved to " + to + ", which is the same or below it");
        }
        LockOwner owner = flow().owner();
        changed(
                engine.ask(() -> "moving " + from + " to " + to, process -> process.move(from, to, owner)),
                owner,
                "has no EXCLUSIVE lock that covers " + from + ", and moving it needs one");
    }

    private static void changed(ChangeAnswer answer, LockOwner owner, String missing) {
        if (answer instanceof ChangeAnswer.NotHeld) {
            throw new LockNotHeldException(owner.name() + " " + missing + "; lock it first");
        }
        if (answer instanceof ChangeAnswer.InTheWay inTheWay) {
            throw LockBusyException.of(new Refused(inTheWay.path(), LockMode.USER, owner, inTheWay.blocker(), 1));
        }
    }

    int remove(LockPath path) {
        LockOwner owner = flow().owner();
        engine.transactions().checkMayRemove(owner, path);
        return engine.ask(() -> "removing " + path, process -> process.remove(path, owner))
                .size();
    }

    private Flow flow() {
        return Binding.current().in(engine).flowIn(engine);
    }
}
