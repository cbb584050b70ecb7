package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.Unrestricted;
import org.junit.jupiter.api.Test;

/** The engine of a woven call: the bound one, else the installed one, else one in memory made on first use. */
class WhichEngineTest {

    private static final LockPath A = LockPath.of("a");

    static class Work {
        @ObjectLock(path = "a", mode = LockMode.MONITOR)
        boolean isIn(ObjectLocks locks) {
            return Hold.current().isHeld() && locks.list(A).size() == 1;
        }

        @Unrestricted
        boolean stop() {
            return true;
        }
    }

    /** One test, since what is installed is known to the whole JVM. */
    @Test
    void boundThenInstalledThenMadeOnFirstUse() throws Exception {
        Work work = new Work();
        ObjectLocks one = ObjectLocks.builder().name("one").build();
        ObjectLocks two = ObjectLocks.builder().name("two").build();
        onNewThread(() -> {
            assertThatThrownBy(() -> work.isIn(one))
                    .as("two engines would not know of each other")
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll("built but not installed", "ObjectLocks.install");
            ObjectLocks.install(one);
            ObjectLocks.install(one);
            assertThat(work.isIn(one)).isTrue();
            assertThat(two.<Boolean, RuntimeException>callAs(LockOwner.nobody(), () -> work.isIn(two)))
                    .as("the bound one comes first")
                    .isTrue();

            ObjectLocks.install(two);
            assertThatThrownBy(() -> work.isIn(one))
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll("'one'", "'two'", "callAs");
            assertThat(one.<Boolean, RuntimeException>callAs(LockOwner.nobody(), () -> work.isIn(one)))
                    .isTrue();
            assertThat(work.stop()).as("an emergency stop needs no engine").isTrue();
            one.close();
            assertThat(work.isIn(two)).isTrue();
            assertThatThrownBy(() -> ObjectLocks.install(one)).hasMessageContaining("closed");
            two.close();

            assertThat(work.isIn(two)).as("neither").isFalse();
            ObjectLocks late = ObjectLocks.builder().name("late").build();
            assertThatThrownBy(() -> ObjectLocks.install(late))
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll("'late'", "too late", "'made-on-first-use'");
            late.close();
        });
    }

    private static void onNewThread(Runnable work) throws InterruptedException {
        Throwable[] failure = {null};
        Thread thread = new Thread(work);
        thread.setUncaughtExceptionHandler((same, thrown) -> failure[0] = thrown);
        thread.start();
        thread.join();
        if (failure[0] != null) {
            throw new AssertionError(failure[0]);
        }
    }
}
