package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.objectlock.Extent;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.UndoParticipant;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockTransaction;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.Unrestricted;
import dev.objectlock.spring.EnableObjectLocks.Uncovered;
import dev.objectlock.weave.Woven;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.PriorityOrdered;

/** What would be called without its lock is named when the context starts. */
class UncoveredMethodsTest {

    @Test
    void aPrivateMethod() {
        assertThat(whyNot(PrivateMethod.class)).contains("Private.locked()").contains("private");
    }

    @Test
    void aFinalMethod() {
        assertThat(whyNot(FinalMethod.class)).contains("Final.locked()").contains("final");
    }

    @Test
    void aStaticMethodIsWrong() {
        assertThat(whyNot(StaticMethod.class)).contains("Static.locked()").contains("static methods are not supported");
    }

    @Test
    void aMethodThatIsNotInTheInterfaceOfItsProxy() {
        assertThat(whyNot(ByInterface.class))
                .contains("Implements.added()")
                .contains("interfaces")
                .doesNotContain("Implements.declared()");
    }

    @Test
    void anAnnotationOnAnInterfaceIsNotInherited() {
        assertThat(whyNot(OnInterface.class)).contains("Declares.locked()").contains("repeat it there");
    }

    @Test
    void anOverrideThatDoesNotRepeatTheAnnotation() {
        assertThat(whyNot(Overridden.class)).contains("Base.locked()").contains("repeat it there");
    }

    @Test
    void aBeanThatWasMadeTooEarly() {
        assertThat(whyNot(TooEarly.class)).contains("Proper.locked()").contains("no proxy");
    }

    @Test
    void aTransactionWhosePathsNobodyCanRestore() {
        assertThat(whyNot(NobodyRestores.class))
                .contains(
                        "Composer.change(String)",
                        "nobody knows how to restore \"score:{score}/part:1\"",
                        "participant(");
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(NobodyRestores.class, Restores.class)) {
            assertThat(context.isActive()).isTrue();
        }
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(RestoresItself.class)) {
            assertThat(context.isActive()).isTrue();
        }
    }

    @Test
    void aClassThatIsNoBean() {
        assertThat(whyNot(NotABean.class)).contains("Plain.locked()").contains("not a bean");
    }

    @Test
    void anythingThatIsNotWovenWhereProxiesAreOff() {
        assertThat(whyNot(Aspectj.class))
                .contains("Proper.locked()")
                .contains("not woven")
                .doesNotContain("Done.locked()");
    }

    @Test
    void aPackagePrivateMethodOfAnotherPackage() {
        assertThat(whyNot(FromAnotherPackage.class)).contains("Plain.locked()").contains("package-private");
    }

    @Test
    void allAreNamedAtOnce() {
        assertThat(whyNot(PrivateMethod.class, FinalMethod.class))
                .contains("2 methods")
                .contains("Private.locked()")
                .contains("Final.locked()");
    }

    @Test
    void aWrongAnnotationSaysWhy() {
        assertThat(whyNot(WrongPath.class)).contains("Wrong.locked(String)").contains("{nobody}");
    }

    @Test
    void aWrongAnnotationOnALazyBeanToo() {
        assertThat(whyNot(LazyBean.class)).contains("Wrong.locked(String)").contains("{nobody}");
    }

    @Test
    void aWarningIsEnoughIfTheApplicationSaysSo() {
        try (var context = new AnnotationConfigApplicationContext(Warned.class)) {
            assertThat(context.isActive()).isTrue();
        }
    }

    @Test
    void whatIsCoveredOrNeedsNoLockIsNotNamed() {
        try (var context = new AnnotationConfigApplicationContext(AllWell.class)) {
            assertThat(context.isActive()).isTrue();
        }
    }

    private static String whyNot(Class<?>... configuration) {
        StringBuilder messages = new StringBuilder();
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> new AnnotationConfigApplicationContext(configuration).close())
                .satisfies(failure -> {
                    Throwable at = failure;
                    while (!(at instanceof LockConfigurationException)) {
                        at = at.getCause();
                        assertThat(at).as("the cause of %s", failure).isNotNull();
                    }
                    messages.append(at.getMessage());
                });
        return messages.toString();
    }

    static class Private {
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        private void locked() {}

        void call() {
            locked();
        }
    }

    static class Final {
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        final void locked() {}
    }

    static class Static {
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        static void locked() {}
    }

    interface Face {
        void declared();
    }

    static class Implements implements Face {
        @Override
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        public void declared() {}

        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        public void added() {}
    }

    interface Declares {
        @Guarded(path = "thing:1")
        void locked();
    }

    static class ImplementsDeclares implements Declares {
        @Override
        public void locked() {}
    }

    static class Base {
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        void locked() {}
    }

    static class Derived extends Base {
        @Override
        void locked() {}
    }

    static class Proper {
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        void locked() {}

        @Unrestricted
        void stop() {}
    }

    static class Done {
        @Woven
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        final void locked() {}
    }

    static class Wrong {
        @ObjectLock(path = "thing:{nobody}", mode = LockMode.USER)
        void locked(String id) {}
    }

    @ObjectLock(path = "thing:1", mode = LockMode.USER)
    static class Marked {
        public void locked() {}

        private void inner() {}

        static void helper() {}

        @Unrestricted
        public final void stop() {
            inner();
        }
    }

    static class DerivedFromMarked extends Marked {
        @Override
        public void locked() {}
    }

    @Configuration
    @EnableObjectLocks
    static class NobodyRestores {

        @Bean
        Composer composer() {
            return new Composer();
        }
    }

    @Configuration
    static class Restores {

        @Bean
        UndoParticipantRegistration parts() {
            return new UndoParticipantRegistration("score:{any}/part:{one}", new OwnComposer());
        }
    }

    @Configuration
    @EnableObjectLocks
    static class RestoresItself {

        @Bean
        OwnComposer composer() {
            return new OwnComposer();
        }
    }

    static class Composer {

        @LockTransaction(name = "Change", path = "score:{score}/part:1")
        public void change(String score) {}
    }

    static class OwnComposer extends Composer implements UndoParticipant<String> {

        @Override
        public String capture(LockPath path, @Nullable Extent extent) {
            return "";
        }

        @Override
        public void restore(LockPath path, @Nullable Extent extent, String state) {}
    }

    @Configuration
    @EnableObjectLocks
    @Import(Private.class)
    static class PrivateMethod {}

    @Configuration
    @EnableObjectLocks
    @Import(Final.class)
    static class FinalMethod {}

    @Configuration
    @EnableObjectLocks
    @Import(Static.class)
    static class StaticMethod {}

    @Configuration
    @EnableObjectLocks(proxyTargetClass = false)
    @Import(Implements.class)
    static class ByInterface {}

    @Configuration
    @EnableObjectLocks
    @Import(ImplementsDeclares.class)
    static class OnInterface {}

    @Configuration
    @EnableObjectLocks
    @Import(Derived.class)
    static class Overridden {}

    @Configuration
    @EnableObjectLocks
    @Import(Proper.class)
    static class TooEarly {
        @Bean
        static First needsIt(Proper proper) {
            return new First();
        }

        /** What it needs is made before proxies can be. */
        private static final class First implements BeanPostProcessor, PriorityOrdered {
            @Override
            public int getOrder() {
                return 0;
            }
        }
    }

    @Configuration
    @EnableObjectLocks
    static class NotABean {
        @Bean
        ScannedPackages packages() {
            return new ScannedPackages(List.of("dev.objectlock.spring.scanned"));
        }
    }

    @Configuration
    @EnableObjectLocks(mode = AdviceMode.ASPECTJ)
    @Import({Proper.class, Done.class})
    static class Aspectj {}

    @Configuration
    @EnableObjectLocks
    @Import(Wrong.class)
    static class WrongPath {}

    @Configuration
    @EnableObjectLocks
    static class LazyBean {
        @Bean
        @Lazy
        Wrong wrong() {
            throw new AssertionError("it is lazy");
        }
    }

    @Configuration
    @EnableObjectLocks(uncovered = Uncovered.WARN)
    @Import(Final.class)
    static class Warned {}

    static class DerivedFromPlain extends dev.objectlock.spring.scanned.Plain {}

    @Configuration
    @EnableObjectLocks
    @Import(DerivedFromPlain.class)
    static class FromAnotherPackage {}

    static class ProperFactory implements FactoryBean<Proper> {
        @Override
        public Proper getObject() {
            return new Proper();
        }

        @Override
        public Class<?> getObjectType() {
            return Proper.class;
        }
    }

    @Configuration
    @EnableObjectLocks
    @Import({Proper.class, Done.class, DerivedFromMarked.class, ProperFactory.class})
    static class AllWell {
        @Bean
        @Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Proper scoped() {
            return new Proper();
        }

        @Bean
        @Scope("prototype")
        Marked prototype() {
            return new Marked();
        }

        @Bean
        @Lazy
        Marked lazy() {
            return new Marked();
        }
    }
}
