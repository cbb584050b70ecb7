package dev.objectlock.spring.boot.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.redis.RedisLockBackend;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the properties {@code objectlock.redis.*} set, which the backend judges. */
@Tag("own-server")
class RedisSettingsTest {

    private final ApplicationContextRunner runner = RedisApplications.byProperty();

    @ParameterizedTest
    @CsvSource({
        "prefix, a{b, the prefix of keys in Redis is 'a{b'",
        "buckets, 5000, the number of buckets is 5000",
        "process-timeout, 299ms, the process timeout is 299 ms",
        "reply-timeout, -2s, the reply timeout is -2000 ms",
        "replicas, -1, the number of replicas to wait for is -1",
        "replica-timeout, -3s, the time to wait for replicas is -3000 ms"
    })
    void eachIsGivenToTheBackend(String property, String wrong, String message) {
        runner.withPropertyValues("objectlock.redis." + property + "=" + wrong).run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(LockConfigurationException.class)
                .hasMessageContaining(message));
    }

    @Test
    void whatIsSetCounts() {
        runner.withPropertyValues("objectlock.redis.process-timeout=7s")
                .run(context -> assertThat(context.getBean(LockBackend.class).processTimeout())
                        .contains(Duration.ofSeconds(7)));
    }

    @Test
    void whatIsNotSetIsLeftToTheBackend() {
        RedisClient client = RedisClient.create(RedisApplications.THREADS);
        try (RedisLockBackend byItself = RedisLockBackend.create(client)) {
            runner.run(context -> assertThat(context.getBean(LockBackend.class).processTimeout())
                    .isEqualTo(byItself.processTimeout()));
        } finally {
            client.shutdown(Duration.ZERO, Duration.ZERO);
        }
    }

    @Test
    void aBackendThatDoesNotExistIsRefused() {
        runner.withPropertyValues("objectlock.backend=rediss").run(context -> assertThat(context)
                .getFailure()
                .hasStackTraceContaining("objectlock.backend")
                .rootCause()
                .hasMessageContaining("ObjectLocksProperties.Backend.rediss"));
    }
}
