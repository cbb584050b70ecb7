package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTime;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.memory.MemoryLockBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is left when single questions to a store fail. */
class FailingStoreTest {

    private static final LockPath ONE = LockPath.of("cell:1");
    private static final LockPath TWO = LockPath.of("cell:2");

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final LockBackend store = MemoryLockBackend.create(LockTime.system());
    private final ObjectLocks locks =
            ObjectLocks.builder().backend(failing(store)).build();

    @AfterEach
    void close() {
        failing.clear();
        locks.close();
    }

    @Test
    void aWaiterWhoseDeadlockCannotBeLookedForWaitsAndLeavesTheLine() {
        failing.add("waitsFor");
        LockRequest shortly = monitor(TWO).waitFor(Duration.ofMillis(50));

        locks.callAs(LockOwner.user("alice"), () -> {
            Hold alices = locks.acquire(monitor(TWO));
            locks.callAs(LockOwner.user("bob"), () -> {
                try (Hold inside = locks.acquire(monitor(ONE))) {
                    assertThatThrownBy(() -> locks.acquire(shortly)).isInstanceOf(LockTimeoutException.class);
                    assertThat(inside.isHeld()).isTrue();
                }
                return null;
            });
            alices.release();
            assertThat(locks.status(TWO).holds()).isEmpty();
            return null;
        });
    }

    @Test
    void whatCannotBeGivenBackInOneTreeIsGivenBackInTheOthers() {
        LockRequest both = LockRequest.monitor(ONE, TWO);
        Hold hold = locks.acquire(both);
        failing.add("giveBack cell:1");

        assertThatThrownBy(hold::release).isInstanceOf(LockBackendException.class);

        assertThat(locks.status(TWO).holds()).isEmpty();
    }

    private static LockRequest monitor(LockPath path) {
        return LockRequest.monitor(path);
    }

    private LockBackend failing(LockBackend real) {
        return (LockBackend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LockBackend.class}, (proxy, method, args) -> {
                    Object answer = invoke(real, method, args);
                    return method.getName().equals("join")
                            ? ((CompletionStage<?>) answer).thenApply(joined -> failing((JoinedProcess) joined))
                            : answer;
                });
    }

    private JoinedProcess failing(JoinedProcess real) {
        return (JoinedProcess) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JoinedProcess.class}, (proxy, method, args) -> {
                    String call = args != null && args[0] instanceof dev.objectlock.backend.Ask ask
                            ? method.getName() + " " + ask.rootName()
                            : method.getName();
                    return failing.contains(method.getName()) || failing.contains(call)
                            ? CompletableFuture.failedFuture(new LockBackendException("no answer", true, null))
                            : invoke(real, method, args);
                });
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
