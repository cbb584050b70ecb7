package dev.objectlock.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.LockAuthorizer;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.OverridingApplication;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Where there is an endpoint, and what it may do. */
class EndpointTest {

    private static final LockPath ROBOT = LockPath.of("cell:7", "robot");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ObjectLocksAutoConfiguration.class, ObjectLocksEndpointAutoConfiguration.class))
            .withPropertyValues("management.endpoints.web.exposure.include=objectlocks");

    @Test
    void itMayTakeLocksAwayWhateverTheApplicationSaysOfItsUsers() {
        runner.withBean(LockAuthorizer.class, () -> owner -> EnumSet.of(dev.objectlock.Privilege.OBJECTLOCK))
                .run(context -> {
                    ObjectLocks locks = context.getBean(ObjectLocks.class);
                    locks.runAs(
                            LockOwner.user("alice"),
                            () -> locks.acquire(LockRequest.user(ROBOT).keep()));

                    ObjectLocksEndpoint.Taken taken = context.getBean(ObjectLocksEndpoint.class)
                            .release(SecurityContext.NONE, "cell:7/robot", "test", null);

                    assertThat(taken.released()).isEqualTo(1);
                });
    }

    @Test
    void nobodyElseMayBecauseOfIt() {
        runner.run(context -> {
            ObjectLocks locks = context.getBean(ObjectLocks.class);
            for (LockOwner owner : new LockOwner[] {
                LockOwner.user("actuator"), LockOwner.user("alice"), LockOwner.application("server")
            }) {
                assertThatThrownBy(() -> locks.callAs(owner, () -> locks.forceRelease(ROBOT, "test")))
                        .isInstanceOf(LockPrivilegeException.class);
            }
        });
    }

    @Test
    void whereItIsNotExposedNobodyMay() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(ObjectLocksEndpoint.class)
                        .doesNotHaveBean(OverridingApplication.class));
        runner.withPropertyValues("objectlock.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ObjectLocksEndpoint.class));
    }
}
