package dev.objectlock;

import java.util.EnumSet;
import java.util.Set;

/**
 * Says what a user may do with locks. Asked when a session is opened or an owner entered; the answer travels with the
 * owner.
 */
@FunctionalInterface
public interface LockAuthorizer {

    /**
     * Returns the privileges of an owner. The application itself may always take locks; whether it may override is asked here.
     *
     * @param owner the owner; its user is not null
     * @return the privileges, possibly none
     */
    Set<Privilege> privileges(LockOwner owner);

    /**
     * The rule of plain Java: every named user may take locks, nobody may override.
     *
     * @return the authorizer
     */
    static LockAuthorizer everyNamedUser() {
        return owner -> EnumSet.of(Privilege.OBJECTLOCK);
    }
}
