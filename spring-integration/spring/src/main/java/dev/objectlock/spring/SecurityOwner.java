package dev.objectlock.spring;

import dev.objectlock.LockOwner;
import dev.objectlock.Privilege;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/** The user whom Spring Security has authenticated, and what the user may do with locks. */
final class SecurityOwner {

    private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

    private SecurityOwner() {}

    /** Who is authenticated on this thread; empty for nobody and for the anonymous user. */
    static Optional<LockOwner> ofThread() {
        return authenticated().map(user -> LockOwner.user(user.getName()));
    }

    /**
     * The authorities {@code objectlock} and {@code objectlockoverride}, or roles of these names, are the privileges. A user
     * who is entered in code, not by a login, has what every named user has in plain Java.
     */
    static Set<Privilege> privileges(LockOwner owner) {
        Optional<Authentication> login =
                authenticated().filter(user -> user.getName().equals(owner.user()));
        if (login.isEmpty()) {
            return EnumSet.of(Privilege.OBJECTLOCK);
        }
        Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
        for (GrantedAuthority authority : login.get().getAuthorities()) {
            for (Privilege privilege : Privilege.values()) {
                if (isNamed(privilege, authority.getAuthority())) {
                    privileges.add(privilege);
                }
            }
        }
        return privileges;
    }

    private static boolean isNamed(Privilege privilege, @org.jspecify.annotations.Nullable String authority) {
        return privilege.text().equals(authority)
                || ("ROLE_" + privilege.text().toUpperCase(Locale.ROOT)).equals(authority);
    }

    private static Optional<Authentication> authenticated() {
        return Optional.ofNullable(SecurityContextHolder.getContext().getAuthentication())
                .filter(TRUST::isAuthenticated);
    }
}
