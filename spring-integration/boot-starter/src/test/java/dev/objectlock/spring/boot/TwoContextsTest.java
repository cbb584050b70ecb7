package dev.objectlock.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.spring.boot.app.plain.Gate;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications with stores of their own, in one JVM, do not see each other's locks. */
class TwoContextsTest {

    private static final LockPath GATE = LockPath.of("gate:7");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ObjectLocksAutoConfiguration.class))
            .withBean(Gate.class);

    @Test
    void eachLocksInItsOwn() {
        runner.run(
                first -> runner.withBean(LockBackend.class, FailingBackend::new).run(second -> {
                    ObjectLocks firstLocks = first.getBean(ObjectLocks.class);
                    ObjectLocks secondLocks = second.getBean(ObjectLocks.class);
                    assertThat(firstLocks.backendName()).isEqualTo("memory");
                    assertThat(secondLocks.backendName()).isEqualTo("failing");

                    first.getBean(Gate.class).pass("7", () -> {
                        assertThat(firstLocks.status(GATE).isFree()).isFalse();
                        assertThat(secondLocks.status(GATE).isFree()).isTrue();
                        elsewhere(() -> second.getBean(Gate.class).passAtOnce("7", () -> {
                            assertThat(secondLocks.status(GATE).isFree()).isFalse();
                            assertThatThrownBy(() -> elsewhere(
                                            () -> second.getBean(Gate.class).passAtOnce("7", () -> {})))
                                    .hasCauseInstanceOf(MonitorLockedException.class);
                        }));
                        assertThatThrownBy(() -> elsewhere(
                                        () -> first.getBean(Gate.class).passAtOnce("7", () -> {})))
                                .hasCauseInstanceOf(MonitorLockedException.class);
                    });
                }));
    }

    @Test
    void onTheSameThreadTheyAreTwoTrees() {
        runner.run(first -> runner.run(second -> first.getBean(Gate.class)
                .pass("7", () -> second.getBean(Gate.class).pass("7", () -> {
                    assertThat(first.getBean(ObjectLocks.class).list(GATE)).hasSize(1);
                    assertThat(second.getBean(ObjectLocks.class).list(GATE)).hasSize(1);
                }))));
    }

    @Test
    void whoeverEnteredOneIsNobodyInTheOther() {
        runner.run(
                first -> runner.run(second -> first.getBean(ObjectLocks.class).runAs(LockOwner.user("alice"), () -> {
                    first.getBean(Gate.class).take("7");
                    assertThat(first.getBean(ObjectLocks.class).list(GATE)).hasSize(1);
                    assertThat(second.getBean(ObjectLocks.class).list(GATE)).isEmpty();
                })));
    }

    /** On a thread of its own: one of a pool that waits for another would do its work meanwhile. */
    private static void elsewhere(Runnable body) {
        CompletableFuture.runAsync(body, task -> new Thread(task).start()).join();
    }
}
