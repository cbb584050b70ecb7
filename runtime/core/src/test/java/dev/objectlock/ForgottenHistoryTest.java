package dev.objectlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is committed while an empty history is being forgotten. */
class ForgottenHistoryTest {

    private static final LockPath OBJECT = LockPath.of("a", "b");
    private static final UndoParticipant<String> STATELESS = new UndoParticipant<>() {
        @Override
        public String capture(LockPath path, @org.jspecify.annotations.Nullable Extent extent) {
            return "";
        }

        @Override
        public void restore(LockPath path, @org.jspecify.annotations.Nullable Extent extent, String state) {}
    };

    private final AtomicReference<Runnable> afterNext = new AtomicReference<>();

    @Test
    void aCommitWhileTheLastTransactionBeforeItIsBeingForgottenStaysInTheHistory() {
        ObjectLocks locks = ObjectLocks.builder().history(history()).build();
        afterNext.set(() -> CompletableFuture.runAsync(() -> run(locks, "committed meanwhile"))
                .join());
        assertThatThrownBy(() -> locks.transactions().run(request("fails"), () -> {
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");

        run(locks, "committed afterwards");

        assertThat(locks.transactions().undoable(OBJECT))
                .extracting(UndoEntry::name)
                .containsExactly("committed afterwards", "committed meanwhile");
        locks.close();
    }

    private static void run(ObjectLocks locks, String name) {
        locks.transactions().run(request(name), () -> {});
    }

    private static TransactionRequest request(String name) {
        return TransactionRequest.of(name, OBJECT).participant(STATELESS);
    }

    /** One that is asked what comes next by a thread that then loses the processor for a while. */
    private UndoHistory history() {
        UndoHistory memory = UndoHistory.inMemory(50, 1 << 20);
        return (UndoHistory) Proxy.newProxyInstance(
                UndoHistory.class.getClassLoader(), new Class<?>[] {UndoHistory.class}, (proxy, method, args) -> {
                    try {
                        Object answer = method.invoke(memory, args);
                        Runnable then = method.getName().equals("next") && args[1] == UndoHistory.Direction.REDO
                                ? afterNext.getAndSet(null)
                                : null;
                        if (then != null) {
                            then.run();
                        }
                        return answer;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
