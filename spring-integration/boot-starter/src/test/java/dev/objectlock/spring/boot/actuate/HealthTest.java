package dev.objectlock.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.spring.boot.FailingBackend;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The health of the store. */
class HealthTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ObjectLocksAutoConfiguration.class, ObjectLocksHealthAutoConfiguration.class));

    @Test
    void aStoreThatAnswersIsUp() {
        runner.run(context -> {
            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsExactly(java.util.Map.entry("backend", "memory"));
        });
    }

    @Test
    void aStoreOutOfReachIsDownUntilItIsBack() {
        FailingBackend store = new FailingBackend();
        runner.withBean(FailingBackend.class, () -> store).run(context -> {
            HealthIndicator indicator = context.getBean(HealthIndicator.class);
            store.outOfReach(true);
            Health down = indicator.health();
            store.outOfReach(false);

            assertThat(down.getStatus()).isEqualTo(Status.DOWN);
            assertThat(down.getDetails()).containsEntry("backend", "failing");
            assertThat(down.getDetails().get("error").toString()).contains("cannot be reached");
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void itCanBeSwitchedOff() {
        runner.withPropertyValues("management.health.objectlocks.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
        runner.withPropertyValues("objectlock.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
    }
}
