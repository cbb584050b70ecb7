package dev.objectlock.spring.web;

import java.security.Principal;
import java.util.function.Supplier;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ClassUtils;

/** Logins where the thread does not know them, as with messages of a connection that was opened in a request. */
final class Logins {

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.core.context.SecurityContextHolder", Logins.class.getClassLoader());

    private Logins() {}

    /** Does something for whoever has logged in, with the authorities of the login. */
    static <T> T as(Principal login, Supplier<T> work) {
        return SECURITY ? Authenticated.as(login, work) : work.get();
    }

    /** Loaded only where Spring Security is there. */
    private static final class Authenticated {

        static <T> T as(Principal login, Supplier<T> work) {
            if (!(login instanceof Authentication authentication)) {
                return work.get();
            }
            SecurityContext before = SecurityContextHolder.getContext();
            SecurityContext ofLogin = SecurityContextHolder.createEmptyContext();
            ofLogin.setAuthentication(authentication);
            SecurityContextHolder.setContext(ofLogin);
            try {
                return work.get();
            } finally {
                SecurityContextHolder.setContext(before);
            }
        }
    }
}
