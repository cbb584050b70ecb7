package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.Privilege;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What whoever has the override does to the holds of others: takes them away, and says why. */
final class Overrides {

    private static final Logger LOG = LoggerFactory.getLogger(Overrides.class);

    private final Engine engine;

    Overrides(Engine engine) {
        this.engine = engine;
    }

    int takeAway(LockPath path, String reason) {
        LockOwner by = by("taking a lock on " + path + " away");
        List<HoldInfo> taken = engine.ask(
                () -> "taking the kept locks on " + path + " away", process -> process.override(path, by, reason));
        LOG.info("{} took away the kept locks on {} ({}): {}", by.name(), path, taken.size(), reason);
        return taken.size();
    }

    boolean takeAway(LockPath under, String holdId, String reason) {
        LockOwner by = by("taking the hold " + holdId + " away");
        Optional<HoldInfo> taken = engine.ask(
                () -> "taking the hold " + holdId + " on " + under + " away",
                process -> process.override(under, holdId, by, reason));
        taken.ifPresent(hold -> LOG.info(
                "{} took away the lock of {} on {}: {}", by.name(), hold.owner().name(), hold.path(), reason));
        return taken.isPresent();
    }

    /** The owner on this thread, who must have the override. */
    LockOwner by(String what) {
        engine.checkOpen();
        Binding binding = Binding.current().in(engine);
        LockOwner owner = binding.flowIn(engine).owner();
        if (owner.user() == null) {
            throw new LockAuthenticationException(what + " needs a user, and there is none on"
                    + " this thread; run the call inside ObjectLocks.callAs(LockOwner.user(name), ...)");
        }
        if (!binding.privileges().contains(Privilege.OBJECTLOCKOVERRIDE)) {
            throw new LockPrivilegeException(owner.name() + " may not do this: " + what + " needs the privilege '"
                    + Privilege.OBJECTLOCKOVERRIDE.text() + "'");
        }
        return owner;
    }
}
