package dev.objectlock.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.spring.boot.app.plain.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** What runs on other threads works for whoever submitted it. */
class TaskTest {

    private static final String VIRTUAL = "spring.threads.virtual.enabled=true";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ObjectLocksAutoConfiguration.class,
                    ObjectLocksTaskAutoConfiguration.class,
                    TaskExecutionAutoConfiguration.class))
            .withUserConfiguration(Tasks.class);

    @Test
    void anAsynchronousMethodWorksForTheSameUserInAnotherFlow() {
        runner.run(context -> checkAsync(context.getBean(ObjectLocks.class), context.getBean(Jobs.class)));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void soItDoesOnAVirtualThread() {
        runner.withPropertyValues(VIRTUAL)
                .run(context -> checkAsync(context.getBean(ObjectLocks.class), context.getBean(Jobs.class)));
    }

    @Test
    void theApplicationsOwnDecoratorsAreAppliedToo() {
        runner.run(context -> {
            context.getBean(Jobs.class).owner().join();

            assertThat(context.getBean(AtomicInteger.class)).hasValue(1);
        });
    }

    @Test
    void whatOneAsynchronousMethodLocksAnotherCannot() {
        runner.run(context -> checkExclusion(context.getBean(AsyncTaskExecutor.class), context.getBean(Gate.class)));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsExcludeEachOther() {
        runner.withPropertyValues(VIRTUAL).run(context -> {
            AsyncTaskExecutor threads = context.getBean(AsyncTaskExecutor.class);
            assertThat(threads.submit(() -> Thread.currentThread().getClass().getName())
                            .get())
                    .isEqualTo("java.lang.VirtualThread");
            checkExclusion(threads, context.getBean(Gate.class));
        });
    }

    private static void checkAsync(ObjectLocks locks, Jobs jobs) {
        locks.runAs(LockOwner.user("alice").onClient("c1"), () -> {
            LockOwner here = OwnerContext.bound().orElseThrow().owner();
            LockOwner there = jobs.owner().join();

            assertThat(there.isSameClient(here)).isTrue();
            assertThat(there.isSameFlow(here)).isFalse();
            assertThat(jobs.isLocked("7").join()).isTrue();
        });
    }

    /** The counter is not guarded by anything but the lock. */
    private static void checkExclusion(AsyncTaskExecutor threads, Gate gate) throws Exception {
        int[] counter = new int[1];
        AtomicInteger inside = new AtomicInteger();
        List<Integer> seen = new ArrayList<>();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(threads.submit(() -> gate.pass("7", () -> {
                seen.add(inside.incrementAndGet());
                int before = counter[0];
                Thread.onSpinWait();
                counter[0] = before + 1;
                inside.decrementAndGet();
            })));
        }
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(counter[0]).isEqualTo(50);
        assertThat(seen).hasSize(50).containsOnly(1);
    }

    static class Jobs {
        @Async
        CompletableFuture<LockOwner> owner() {
            return CompletableFuture.completedFuture(
                    OwnerContext.bound().map(OwnerContext::owner).orElseGet(LockOwner::nobody));
        }

        @Async
        @ObjectLock(path = "job:{id}", mode = LockMode.USER)
        CompletableFuture<Boolean> isLocked(String id) {
            return CompletableFuture.completedFuture(Hold.find().isPresent());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Tasks {
        @Bean
        Jobs jobs() {
            return new Jobs();
        }

        @Bean
        Gate gate() {
            return new Gate();
        }

        @Bean
        AtomicInteger decorated() {
            return new AtomicInteger();
        }

        @Bean
        TaskDecorator counting(AtomicInteger decorated) {
            return task -> {
                decorated.incrementAndGet();
                return task;
            };
        }
    }
}
