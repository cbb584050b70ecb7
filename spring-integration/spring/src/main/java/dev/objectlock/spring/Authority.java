package dev.objectlock.spring;

import dev.objectlock.LockAuthorizer;
import dev.objectlock.LockOwner;
import dev.objectlock.Privilege;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who may do what in an application: as a rule says, and the applications that may take locks away.
 *
 * @param rule says what a user may do
 * @param overriding the users that those applications are
 */
record Authority(LockAuthorizer rule, Set<String> overriding) implements LockAuthorizer {

    Authority {
        overriding = Set.copyOf(overriding);
    }

    @Override
    public Set<Privilege> privileges(LockOwner owner) {
        Set<Privilege> said = rule.privileges(owner);
        if (owner.user() == null || !overriding.contains(owner.user())) {
            return said;
        }
        Set<Privilege> all = EnumSet.of(Privilege.OBJECTLOCKOVERRIDE);
        all.addAll(said);
        return all;
    }
}
