package dev.objectlock.spring.boot.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.objectlock.LockAuthorizer;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.Privilege;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import dev.objectlock.spring.boot.app.plain.Gate;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the meters show. */
class ObservationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ObjectLocksAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    SimpleMetricsExportAutoConfiguration.class,
                    ObservationAutoConfiguration.class,
                    ObjectLocksObservationAutoConfiguration.class,
                    ObjectLocksMetricsAutoConfiguration.class))
            .withBean(Gate.class);

    @Test
    void aCallIsTwoTimersByTemplate() {
        runner.run(context -> {
            context.getBean(Gate.class).pass("secret-7", () -> {});

            Timer acquire = timer(context.getBean(MeterRegistry.class), "objectlock.acquire", "granted");
            Timer hold = timer(context.getBean(MeterRegistry.class), "objectlock.hold", "success");
            assertThat(acquire.getId().getTag("template")).isEqualTo("gate:{id}");
            assertThat(acquire.getId().getTag("mode")).isEqualTo("monitor");
            assertThat(acquire.getId().getTag("method")).isEqualTo("Gate.pass(String, Runnable)");
            assertThat(acquire.getId().getTag("error")).isEqualTo("none");
            assertThat(acquire.count()).isEqualTo(1);
            assertThat(hold.getId().getTag("template")).isEqualTo("gate:{id}");
            assertThat(hold.count()).isEqualTo(1);
        });
    }

    @Test
    void aCallThatHasItsLocksAlreadyJoins() {
        runner.run(context -> {
            Gate gate = context.getBean(Gate.class);
            gate.pass("7", () -> gate.pass("7", () -> {}));

            assertThat(timer(context.getBean(MeterRegistry.class), "objectlock.acquire", "joined")
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void somebodyInTheWayIsNoError() {
        runner.run(context -> {
            Gate gate = context.getBean(Gate.class);
            ObjectLocks locks = context.getBean(ObjectLocks.class);
            locks.runAs(
                    LockOwner.user("alice"),
                    () -> locks.run(
                            LockRequest.monitor(LockPath.of("gate:secret-7")),
                            () -> locks.runAs(LockOwner.user("bob"), () -> assertThatThrownBy(
                                            () -> gate.passAtOnce("secret-7", () -> {}))
                                    .isInstanceOf(MonitorLockedException.class))));

            Timer busy = timer(context.getBean(MeterRegistry.class), "objectlock.acquire", "busy");
            assertThat(busy.count()).isEqualTo(1);
            assertThat(busy.getId().getTag("error")).isEqualTo("none");
            assertThat(context.getBean(MeterRegistry.class)
                            .find("objectlock.hold")
                            .timer())
                    .isNull();
        });
    }

    @Test
    void aBodyThatFailsIsAnError() {
        runner.run(context -> {
            assertThatThrownBy(() -> context.getBean(Gate.class).pass("7", () -> {
                        throw new IllegalStateException("secret");
                    }))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(timer(context.getBean(MeterRegistry.class), "objectlock.hold", "error")
                            .getId()
                            .getTag("error"))
                    .isEqualTo("IllegalStateException");
        });
    }

    @Test
    void whatIsTakenAwayIsCountedByReasonAndMode() {
        runner.withBean(LockAuthorizer.class, () -> owner -> EnumSet.allOf(Privilege.class))
                .run(context -> {
                    ObjectLocks locks = context.getBean(ObjectLocks.class);
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    locks.runAs(LockOwner.user("alice"), () -> {
                        context.getBean(Gate.class).take("secret-7");
                        locks.forceRelease(LockPath.of("gate:secret-7", "lamp"), "secret reason");
                    });

                    await().until(() -> meters.find(LossCounter.NAME)
                                    .tags("reason", "overridden", "mode", "user")
                                    .counter()
                            != null);
                    assertThat(meters.get(LossCounter.NAME).counter().count()).isEqualTo(1);
                });
    }

    @Test
    void workWithoutLocksIsCounted() {
        runner.run(context -> {
            var counter = context.getBean(MeterRegistry.class)
                    .get(WithoutLocksCounter.NAME)
                    .functionCounter();
            double before = counter.count();
            OwnerContext.withoutLocks("a test", () -> {});

            assertThat(counter.count()).isEqualTo(before + 1);
        });
    }

    @Test
    void noMeterKnowsAPath() {
        runner.withBean(LockAuthorizer.class, () -> owner -> EnumSet.allOf(Privilege.class))
                .run(context -> {
                    ObjectLocks locks = context.getBean(ObjectLocks.class);
                    Gate gate = context.getBean(Gate.class);
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    locks.runAs(LockOwner.user("secret-alice"), () -> {
                        gate.take("secret-7");
                        locks.runAs(LockOwner.user("bob"), () -> assertThatThrownBy(() -> gate.take("secret-7"))
                                .isInstanceOf(LockBusyException.class));
                        assertThatThrownBy(() -> gate.take("")).isInstanceOf(RuntimeException.class);
                        locks.forceRelease(LockPath.of("gate:secret-7", "lamp"), "secret");
                    });
                    await().until(() -> meters.find(LossCounter.NAME).counter() != null);

                    List<Meter.Id> ours = meters.getMeters().stream()
                            .map(Meter::getId)
                            .filter(id -> id.getName().startsWith("objectlock"))
                            .toList();
                    assertThat(ours).hasSizeGreaterThan(4);
                    assertThat(ours).allSatisfy(id -> assertThat(id.toString()).doesNotContain("secret"));
                });
    }

    @Test
    void theApplicationNamesThemDifferently() {
        runner.withBean(AcquireObservationConvention.class, OwnConvention::new).run(context -> {
            context.getBean(Gate.class).pass("7", () -> {});

            assertThat(context.getBean(MeterRegistry.class)
                            .get("waiting")
                            .tag("team", "robots")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void anApplicationWithoutMetersHasNone() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer")).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(ObjectLocks.class);
            context.getBean(Gate.class).pass("7", () -> {});
        });
        runner.withPropertyValues("objectlock.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LossCounter.class));
    }

    private static Timer timer(MeterRegistry meters, String name, String outcome) {
        assertThat(meters).isInstanceOf(SimpleMeterRegistry.class);
        return meters.get(name).tag("outcome", outcome).timer();
    }

    private static final class OwnConvention implements AcquireObservationConvention {
        @Override
        public String getName() {
            return "waiting";
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(LockObservationContext.Acquire context) {
            return KeyValues.of("team", "robots");
        }
    }
}
