package dev.objectlock.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.TransactionRequest;
import dev.objectlock.UndoEntry;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.spring.AttributeOverrides;
import dev.objectlock.spring.EnableObjectLocks;
import dev.objectlock.spring.EnableObjectLocks.Uncovered;
import dev.objectlock.spring.UncoveredMethodsException;
import dev.objectlock.spring.boot.app.plain.Gate;
import dev.objectlock.spring.boot.app.plain.PlainApplication;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** What the properties switch, and who has the last word. */
@ExtendWith(OutputCaptureExtension.class)
class StartingTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ObjectLocksAutoConfiguration.class, ObjectLocksTaskAutoConfiguration.class))
            .withBean(Gate.class);

    @Test
    void anApplicationNeedsNoConfiguration(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = PlainApplication.start()) {
            assertThat(PlainApplication.mostAtOnce(context)).isEqualTo(1);
        }
        assertThat(output).doesNotContain("WARN").doesNotContain("not eligible for getting processed");
    }

    @Test
    void theLocksHaveTheirPlace() {
        runner.run(context -> assertThat(orderOfLocks(context)).isEqualTo(EnableObjectLocks.ORDER));
    }

    @Test
    void aPropertyGivesTheLocksAnotherPlace() {
        runner.withPropertyValues("objectlock.order=17")
                .run(context -> assertThat(orderOfLocks(context)).isEqualTo(17));
    }

    @Test
    void propertiesBoundTheHistory() {
        runner.withPropertyValues("objectlock.transactions.undo-steps=2", "objectlock.transactions.idle=1m")
                .run(context -> {
                    LockTransactions transactions =
                            context.getBean(ObjectLocks.class).transactions();
                    LockPath score = LockPath.of("score:1");
                    for (int i = 0; i < 3; i++) {
                        transactions.run(
                                TransactionRequest.of("Change " + i, score).participant(new NoState()), () -> {});
                    }
                    assertThat(transactions.undoable(score))
                            .extracting(UndoEntry::name)
                            .containsExactly("Change 2", "Change 1");
                });
        for (String wrong : new String[] {"idle=0s", "undo-steps=0", "undo-bytes=0"}) {
            runner.withPropertyValues("objectlock.transactions." + wrong)
                    .run(context -> assertThat(context).hasFailed());
        }
    }

    @Test
    void whatTheApplicationEnablesItselfIsEnabledOnce() {
        runner.withUserConfiguration(EnabledByHand.class).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(ObjectLocks.class);
            assertThat(orderOfLocks(context)).isEqualTo(5);
        });
    }

    @Test
    void aPropertyIsStrongerThanAnAttribute() {
        runner.withUserConfiguration(EnabledByHand.class)
                .withPropertyValues("objectlock.order=17")
                .run(context -> assertThat(orderOfLocks(context)).isEqualTo(17));
    }

    @Test
    void anotherBeanSaysItInsteadOfTheProperties() {
        runner.withBean(AttributeOverrides.class, () -> new AttributeOverrides(3, Uncovered.WARN))
                .withPropertyValues("objectlock.order=17")
                .run(context -> assertThat(orderOfLocks(context)).isEqualTo(3));
    }

    @Test
    void withoutItsStoreItStartsIfItMayGoOn() {
        FailingBackend store = new FailingBackend();
        store.outOfReach(true);
        ApplicationContextRunner without = runner.withBean(LockBackend.class, () -> store);
        without.run(context -> assertThat(context).getFailure().rootCause().isInstanceOf(LockBackendException.class));
        without.withPropertyValues("objectlock.without-store=proceed")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void itCanBeSwitchedOff() {
        runner.withPropertyValues("objectlock.enabled=false").run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(ObjectLocks.class);
            assertThat(context.getBean(Gate.class)).isNotInstanceOf(Advised.class);
        });
    }

    @Test
    void withWeavingAloneNothingIsWrapped() {
        runner.withPropertyValues("objectlock.mode=aspectj", "objectlock.uncovered-methods=warn")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(ObjectLocks.class);
                    assertThat(context.getBean(Gate.class)).isNotInstanceOf(Advised.class);
                });
    }

    @Test
    void withWeavingAloneWhatIsNotWovenIsNamed() {
        runner.withPropertyValues("objectlock.mode=aspectj").run(context -> assertThat(context)
                .getFailure()
                .isInstanceOf(UncoveredMethodsException.class)
                .hasMessageContaining("Gate.pass(String, Runnable)")
                .hasMessageContaining("mode = ASPECTJ"));
    }

    @Test
    void aModeThatDoesNotExistIsRefused() {
        runner.withPropertyValues("objectlock.mode=woven")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("AdviceMode"));
    }

    @Test
    void proxiesOfInterfacesAreMadeWhereBootMakesThem() {
        ApplicationContextRunner withDoor = runner.withBean(Door.class);

        withDoor.withPropertyValues("spring.aop.proxy-target-class=false").run(context -> assertThat(
                        Proxy.isProxyClass(context.getBean(Openable.class).getClass()))
                .isTrue());
        withDoor.run(context -> assertThat(context.getBean(Openable.class)).isInstanceOf(Door.class));
    }

    @Test
    void proxiesAreMadeWithAndWithoutAspectJ() {
        ApplicationContextRunner withAop = runner.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class));

        withAop.run(context -> assertThat(orderOfLocks(context)).isEqualTo(EnableObjectLocks.ORDER));
        withAop.withClassLoader(new FilteredClassLoader("org.aspectj"))
                .run(context -> assertThat(orderOfLocks(context)).isEqualTo(EnableObjectLocks.ORDER));
        withAop.withPropertyValues("spring.aop.auto=false")
                .run(context -> assertThat(orderOfLocks(context)).isEqualTo(EnableObjectLocks.ORDER));
    }

    @Test
    void theOrderDecidesWhoIsOutside() {
        runner.withUserConfiguration(OtherAdvice.class)
                .run(context -> assertThat(orderOfLocks(context, 1)).isEqualTo(EnableObjectLocks.ORDER));
        runner.withUserConfiguration(OtherAdvice.class)
                .withPropertyValues("objectlock.order=-1")
                .run(context -> assertThat(orderOfLocks(context, 0)).isEqualTo(-1));
    }

    @Test
    void theSessionPolicyIsReleaseUnlessAPropertySaysOtherwise() {
        runner.run(context -> assertThat(context).getBean(SessionPolicy.class).isEqualTo(SessionPolicy.RELEASE));
        runner.withPropertyValues("objectlock.session-policy=stay")
                .run(context -> assertThat(context).getBean(SessionPolicy.class).isEqualTo(SessionPolicy.STAY));
        runner.withPropertyValues("objectlock.session-policy=grace", "objectlock.session-grace=2m")
                .run(context -> assertThat(context)
                        .getBean(SessionPolicy.class)
                        .isEqualTo(SessionPolicy.grace(Duration.ofMinutes(2))));
    }

    @Test
    void aGraceNeedsATimeAndATimeNeedsAGrace() {
        runner.withPropertyValues("objectlock.session-policy=grace").run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("set objectlock.session-grace, for instance to 2m"));
        runner.withPropertyValues("objectlock.session-grace=2m").run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("objectlock.session-policy is release, which has no time"));
    }

    @Test
    void anotherClientReleasesOnlyWhereAPropertyLetsIt() {
        runner.run(context -> assertThat(releasedByAnotherClient(context)).isNotEqualTo(Released.RELEASED));
        runner.withPropertyValues("objectlock.any-client-releases=true")
                .run(context -> assertThat(releasedByAnotherClient(context)).isEqualTo(Released.RELEASED));
    }

    private static Released releasedByAnotherClient(AssertableApplicationContext context) {
        ObjectLocks locks = context.getBean(ObjectLocks.class);
        LockPath path = LockPath.of("gate:7");
        LockOwner alice = LockOwner.user("alice");
        locks.runAs(
                alice.onClient("c1"),
                () -> locks.acquire(LockRequest.client(path).keep()));
        return locks.callAs(alice.onClient("c2"), () -> locks.release(path));
    }

    private static int orderOfLocks(AssertableApplicationContext context) {
        return orderOfLocks(context, 0);
    }

    private static int orderOfLocks(AssertableApplicationContext context, int index) {
        Advisor[] advisors = ((Advised) context.getBean(Gate.class)).getAdvisors();
        assertThat(advisors[index].getClass().getSimpleName()).isEqualTo("ObjectLockAdvisor");
        return ((org.springframework.core.Ordered) advisors[index]).getOrder();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableObjectLocks(order = 5)
    static class EnabledByHand {}

    interface Openable {
        void open(String id);
    }

    static class Door implements Openable {
        @Override
        @ObjectLock(path = "door:{id}", mode = LockMode.MONITOR)
        public void open(String id) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherAdvice {
        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static Advisor other() {
            DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(
                    new StaticMethodMatcherPointcut() {
                        @Override
                        public boolean matches(java.lang.reflect.Method method, Class<?> type) {
                            return type == Gate.class;
                        }
                    },
                    (MethodInterceptor) invocation -> invocation.proceed());
            advisor.setOrder(0);
            return advisor;
        }
    }
}
