package dev.objectlock.spring.boot.redis;

import static dev.objectlock.spring.boot.redis.RedisApplications.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTime;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.redis.RedisLockBackend;
import dev.objectlock.spring.boot.app.plain.Gate;
import dev.objectlock.spring.boot.app.plain.PlainApplication;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Locks in Redis, by a property or by a bean: who is kept out, for how long, and who decides. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("own-server")
class RedisBackendTest {

    private static final LockPath GATE = LockPath.of("gate:7");

    private final ApplicationContextRunner undecided = RedisApplications.undecided();
    private final ApplicationContextRunner runner = RedisApplications.byProperty();

    @Test
    void onePropertyIsEnough(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = PlainApplication.start(
                "--objectlock.backend=redis",
                "--objectlock.redis.prefix=" + RedisApplications.prefix(),
                "--spring.data.redis.port=" + TestRedis.port())) {
            assertThat(context.getBean(ObjectLocks.class).backendName()).isEqualTo("redis");
            assertThat(PlainApplication.mostAtOnce(context)).isEqualTo(1);
        }
        assertThat(output).doesNotContain("WARN").doesNotContain("not eligible for getting processed");
    }

    @Test
    void unlessAskedForItIsNotUsed() {
        undecided.run(context -> {
            assertThat(context).doesNotHaveBean(LockBackend.class);
            assertThat(context.getBean(ObjectLocks.class).backendName()).isEqualTo("memory");
        });
        runner.withPropertyValues("objectlock.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LockBackend.class));
    }

    @Test
    void beansOfOneApplicationExcludeEachOther() {
        runner.withBean(Guard.class).run(context -> context.getBean(Gate.class).pass("7", () -> assertThatThrownBy(
                        () -> elsewhere(() -> context.getBean(Guard.class).shut("7")))
                .hasCauseInstanceOf(MonitorLockedException.class)));
    }

    @Test
    void twoApplicationsExcludeEachOther() {
        runner.run(first -> runner.run(second -> {
            first.getBean(Gate.class).pass("7", () -> {
                assertThat(second.getBean(ObjectLocks.class).status(GATE).isFree())
                        .isFalse();
                assertThatThrownBy(() -> second.getBean(Gate.class).passAtOnce("7", () -> {}))
                        .isInstanceOf(MonitorLockedException.class);
            });
            second.getBean(Gate.class).passAtOnce("7", () -> {});
        }));
    }

    @Test
    void anApplicationThatIsClosedLeavesNothingBehind(CapturedOutput output) {
        runner.run(second -> {
            runner.run(first -> {
                hold(first);
                assertThatThrownBy(() -> second.getBean(Gate.class).passAtOnce("7", () -> {}))
                        .isInstanceOf(MonitorLockedException.class);
            });
            second.getBean(Gate.class).passAtOnce("7", () -> {});
        });
        assertThat(output).doesNotContain("WARN");
    }

    /** The connection factory has been stopped by then. */
    @Test
    void locksCanBeUsedWhileBeansAreClosed() {
        AtomicBoolean hasLocked = new AtomicBoolean();
        runner.withBean(AtomicBoolean.class, () -> hasLocked)
                .withBean(Closing.class)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(hasLocked).isTrue();
    }

    /** Its connection factory is stopped then, and the client of that shut down. */
    @Test
    void anApplicationThatIsPausedKeepsItsLocks(CapturedOutput output) {
        runner.run(other -> runner.run(context -> {
            hold(context);
            ConfigurableApplicationContext paused = context.getSourceApplicationContext();
            paused.stop();
            assertThatThrownBy(() -> other.getBean(Gate.class).passAtOnce("7", () -> {}))
                    .isInstanceOf(MonitorLockedException.class);
            paused.start();
            context.getBean(Gate.class).passAtOnce("8", () -> {});
        }));
        assertThat(output).doesNotContain("WARN");
    }

    private static void hold(ConfigurableApplicationContext context) {
        elsewhere(() -> context.getBean(ObjectLocks.class).acquire(LockRequest.monitor(GATE)));
    }

    @Test
    void aBeanSaysItAsWell(CapturedOutput output) {
        ApplicationContextRunner byBean = undecided.withUserConfiguration(ByBean.class);
        byBean.run(first -> byBean.run(second -> {
            assertThat(first.getBean(ObjectLocks.class).backendName()).isEqualTo("redis");
            first.getBean(Gate.class).pass("7", () -> assertThatThrownBy(
                            () -> second.getBean(Gate.class).passAtOnce("7", () -> {}))
                    .isInstanceOf(MonitorLockedException.class));
        }));
        assertThat(output).doesNotContain("WARN");
    }

    @Test
    void aBeanIsStrongerThanTheProperty() {
        runner.withBean("own", LockBackend.class, () -> MemoryLockBackend.create(LockTime.system()))
                .run(context -> {
                    assertThat(context).hasSingleBean(LockBackend.class).hasBean("own");
                    assertThat(context.getBean(ObjectLocks.class).backendName()).isEqualTo("memory");
                });
    }

    @Test
    void aBeanBesideItIsAnErrorThatNamesBoth() {
        undecided
                .withUserConfiguration(ByBean.class)
                .withBean("inMemory", LockBackend.class, () -> MemoryLockBackend.create(LockTime.system()))
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("there are 2 LockBackend beans")
                        .hasMessageContaining("inMemory")
                        .hasMessageContaining("inRedis"));
    }

    static class Guard {

        @ObjectLock(path = "gate:{id}", mode = LockMode.MONITOR, waitFor = "0s")
        public void shut(String id) {}
    }

    static final class Closing implements AutoCloseable {

        private final ObjectLocks locks;
        private final AtomicBoolean hasLocked;

        Closing(ObjectLocks locks, AtomicBoolean hasLocked) {
            this.locks = locks;
            this.hasLocked = hasLocked;
        }

        @Override
        public void close() {
            locks.acquire(LockRequest.monitor(GATE)).close();
            hasLocked.set(true);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByBean {

        private static final String PREFIX = RedisApplications.prefix();

        @Bean
        RedisClient redisClient() {
            return RedisClient.create(RedisURI.create("127.0.0.1", TestRedis.port()));
        }

        @Bean
        LockBackend inRedis(RedisClient client) {
            return RedisLockBackend.builder(client).prefix(PREFIX).build();
        }
    }
}
