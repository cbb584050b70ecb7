package dev.objectlock.spring.boot.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.redis.RedisLockBackend;
import dev.objectlock.spring.boot.app.plain.PlainApplication;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** An application that asks for Redis and lacks something for it does not start, and says what to add. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("own-server")
class RedisMissingTest {

    private final ApplicationContextRunner runner = RedisApplications.byProperty();

    @Test
    void theBackend() {
        assertRefused(
                runner.withClassLoader(new FilteredClassLoader(RedisLockBackend.class)),
                "its backend is not on the class path: add dev.objectlock:objectlock-redis");
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.lettuce", "org.springframework.data"})
    void theConnection(String missing) {
        assertRefused(
                runner.withClassLoader(new FilteredClassLoader(missing)),
                "add org.springframework.boot:spring-boot-starter-data-redis");
    }

    @Test
    void theConnectionFactory(CapturedOutput output) {
        assertThatThrownBy(() -> PlainApplication.start(
                        "--objectlock.backend=redis",
                        "--spring.autoconfigure.exclude=" + DataRedisAutoConfiguration.class.getName()))
                .hasRootCauseInstanceOf(LockConfigurationException.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("objectlock.backend is redis, and there is no connection factory bean")
                .contains("or make a LockBackend bean");
    }

    @Test
    void aConnectionFactoryOfLettuce() {
        assertRefused(
                runner.withBean(RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class)),
                "but locks need Lettuce");
    }

    @Test
    void aConnectionFactoryThatIsTheOne() {
        ApplicationContextRunner two =
                runner.withBean("here", LettuceConnectionFactory.class, RedisMissingTest::factory);
        assertRefused(
                two.withBean("there", LettuceConnectionFactory.class, RedisMissingTest::factory),
                "there are 2 connection factory beans, [here, there]: mark one as @Primary");
        two.withBean(
                        "there",
                        LettuceConnectionFactory.class,
                        RedisMissingTest::factory,
                        definition -> definition.setPrimary(true))
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static LettuceConnectionFactory factory() {
        return new LettuceConnectionFactory("127.0.0.1", TestRedis.port());
    }

    private static void assertRefused(ApplicationContextRunner application, String message) {
        application.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(LockConfigurationException.class)
                .hasMessageStartingWith("objectlock.backend is redis, and ")
                .hasMessageContaining(message)
                .hasMessageEndingWith("or make a LockBackend bean"));
    }
}
