package dev.objectlock.spring.boot.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.boot.actuate.ObjectLocksEndpoint;
import dev.objectlock.spring.boot.actuate.ObjectLocksEndpointAutoConfiguration;
import dev.objectlock.spring.boot.actuate.ObjectLocksHealthAutoConfiguration;
import dev.objectlock.spring.boot.app.plain.Gate;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What an operator sees of locks in Redis: also those of other processes. */
@Tag("own-server")
class RedisOperationTest {

    private final ApplicationContextRunner runner = RedisApplications.byProperty()
            .withConfiguration(AutoConfigurations.of(
                    ObjectLocksEndpointAutoConfiguration.class, ObjectLocksHealthAutoConfiguration.class))
            .withPropertyValues("management.endpoints.web.exposure.include=objectlocks");

    @Test
    void aServerThatAnswersIsUp() {
        runner.run(context -> {
            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsExactly(Map.entry("backend", "redis"));
        });
    }

    @Test
    void aServerThatDoesNotIsDown() {
        runner.withPropertyValues("spring.data.redis.port=" + closedPort(), "objectlock.without-store=proceed")
                .run(context -> {
                    Health health = context.getBean(HealthIndicator.class).health();

                    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(health.getDetails()).containsEntry("backend", "redis");
                });
    }

    @Test
    void theLocksOfAnotherProcessAreSeenAndTakenAway() {
        runner.run(owner -> runner.run(operator -> {
            ObjectLocks locks = owner.getBean(ObjectLocks.class);
            locks.runAs(LockOwner.user("alice"), () -> owner.getBean(Gate.class).take("7"));
            ObjectLocksEndpoint endpoint = operator.getBean(ObjectLocksEndpoint.class);

            assertThat(endpoint.release(SecurityContext.NONE, "gate:7/lamp", "test", null)
                            .released())
                    .isEqualTo(1);
            assertThat(locks.status(LockPath.of("gate:7/lamp")).isFree()).isTrue();
        }));
    }

    private static int closedPort() {
        try {
            return TestRedis.freePort();
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
