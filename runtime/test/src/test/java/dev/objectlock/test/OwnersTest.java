package dev.objectlock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.Privilege;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Users, clients, flows and what they may. */
@ExtendWith(ObjectLocksExtension.class)
class OwnersTest {

    private static final LockPath A = LockPath.of("a");

    @Test
    void aSessionIsAskedForItsPrivilegesWhenItIsOpened() {
        AtomicInteger asked = new AtomicInteger();
        try (ObjectLocks locks = ObjectLocks.builder()
                .authorizer(owner -> {
                    boolean first = asked.getAndIncrement() == 0;
                    return first ? EnumSet.of(Privilege.OBJECTLOCK) : EnumSet.noneOf(Privilege.class);
                })
                .build()) {
            try (ClientSession session = locks.sessions().open("alice")) {
                for (int i = 0; i < 3; i++) {
                    session.run(() -> locks.acquire(LockRequest.user(A)).close());
                }
                assertThat(asked).hasValue(1);
            }
            assertThatThrownBy(() -> locks.runAs(LockOwner.user("alice"), () -> locks.acquire(LockRequest.user(A))))
                    .isInstanceOf(LockPrivilegeException.class);
        }
    }

    @Test
    void clientsOfOneUserHaveNamesOfTheirOwn(ObjectLocks locks) {
        try (ClientSession one = locks.sessions().open("alice");
                ClientSession two = locks.sessions().open("alice")) {
            assertThat(one.owner().client()).isNotEqualTo(two.owner().client());
            Hold held = one.call(() -> locks.acquire(LockRequest.client(A).keep()));
            assertThat(two.call(() -> locks.tryAcquire(LockRequest.client(A))).isGranted())
                    .isFalse();
            assertThat(held.isHeld()).isTrue();
        }
        assertThat(locks.roots()).isEmpty();
        assertThatThrownBy(() -> locks.sessions().open(LockOwner.nobody()))
                .isInstanceOf(LockAuthenticationException.class);
    }

    @Test
    void aThreadThatEnteredNobodyIsAFlowOfItsOwn(ObjectLocks locks) throws Exception {
        Throwable[] failure = {null};
        Thread thread = new Thread(() -> {
            try (Hold outer = locks.acquire(LockRequest.monitor(A))) {
                assertThat(OwnerContext.bound().orElseThrow().owner().user()).isNull();
                locks.acquire(LockRequest.monitor(A)).close();
                assertThat(outer.isHeld()).isTrue();
                assertThatThrownBy(() -> locks.acquire(LockRequest.monitor(A).keep()))
                        .isInstanceOf(LockAuthenticationException.class)
                        .hasMessageContaining("cannot be kept");
                assertThatThrownBy(() -> locks.acquire(LockRequest.user(A)))
                        .isInstanceOf(LockAuthenticationException.class)
                        .hasMessageContaining("callAs");
            }
        });
        thread.setUncaughtExceptionHandler((same, thrown) -> failure[0] = thrown);
        thread.start();
        thread.join();
        assertThat(failure[0]).isNull();
    }

    @Test
    @AsUser("alice")
    void aCheckAnswersForTheModeThatIsAsked(ObjectLocks locks) {
        try (Hold mine = locks.acquire(LockRequest.user(A))) {
            locks.runAs(LockOwner.user("alice"), () -> assertThat(locks.check(LockRequest.user(A)))
                    .isEmpty());
            Hold[] others = new Hold[1];
            LockOwner elsewhere = LockOwner.user("alice").onClient("c2");
            LockPath b = A.child("b");
            others[0] = locks.callAs(elsewhere, () -> locks.acquire(LockRequest.monitor(b)));
            assertThat(locks.check(LockRequest.monitor(b)))
                    .as("the USER lock above does not make it a monitor")
                    .isPresent();
            assertThat(locks.check(LockRequest.user(A))).isEmpty();
            others[0].close();
            assertThat(locks.check(LockRequest.monitor(b))).isEmpty();
            assertThat(mine.isHeld()).isTrue();
        }
    }
}
