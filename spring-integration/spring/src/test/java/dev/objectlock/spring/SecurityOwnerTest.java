package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/** Whoever Spring Security has authenticated on a thread is who asks, also where no request is. */
class SecurityOwnerTest {

    private static final LockPath THING = LockPath.of("thing:1");

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(App.class);
    private final ObjectLocks locks = context.getBean(ObjectLocks.class);
    private final Things things = context.getBean(Things.class);

    @AfterEach
    void stop() {
        SecurityContextHolder.clearContext();
        context.close();
    }

    @Test
    void theUserIsWhoIsAuthenticated() {
        login("alice", "objectlock");
        assertThat(things.owner()).isEqualTo("alice");
        login("bob", "ROLE_OBJECTLOCK");
        assertThat(things.owner()).as("on the same thread").isEqualTo("bob");
    }

    @Test
    void callsAndCodeOnOneThreadAreOneFlow() {
        login("alice", "objectlock");
        try (Hold hold = locks.acquire(LockRequest.monitor(THING))) {
            assertThat(things.fence()).isEqualTo(hold.fence());
        }
        locks.acquire(LockRequest.user(THING).keep());
        login("bob", "objectlock");
        assertThat(locks.check(LockRequest.user(THING))).isPresent();
        login("alice", "objectlock");
        locks.release(THING);
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void authoritiesArePrivileges() {
        login("alice", "ROLE_USER");
        assertThatExceptionOfType(LockPrivilegeException.class)
                .isThrownBy(things::owner)
                .withMessageContaining("objectlock");
        login("alice", "objectlock");
        locks.acquire(LockRequest.user(THING).keep());
        login("eve", "objectlock");
        assertThatExceptionOfType(LockPrivilegeException.class).isThrownBy(() -> locks.forceRelease(THING, "mine now"));
        login("admin", "objectlockoverride");
        assertThat(locks.forceRelease(THING, "needed")).isEqualTo(1);
    }

    @Test
    void nobodyAndTheAnonymousUserAreNobody() {
        assertThatExceptionOfType(LockAuthenticationException.class).isThrownBy(things::owner);
        login(new AnonymousAuthenticationToken(
                "key", "anonymousUser", List.of(new SimpleGrantedAuthority("objectlock"))));
        assertThatExceptionOfType(LockAuthenticationException.class).isThrownBy(things::owner);
    }

    private static void login(String user, String... authorities) {
        login(new TestingAuthenticationToken(user, "", authorities));
    }

    private static void login(Authentication authentication) {
        SecurityContextHolder.getContext().setAuthentication(authentication);
    }

    static class Things {

        private final ObjectLocks locks;

        Things(ObjectLocks locks) {
            this.locks = locks;
        }

        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        String owner() {
            return locks.status(THING).holds().get(0).owner().name();
        }

        @ObjectLock(path = "thing:1", mode = LockMode.MONITOR)
        long fence() {
            return Hold.current().fence();
        }
    }

    @Configuration
    @EnableObjectLocks
    @Import(Things.class)
    static class App {}
}
