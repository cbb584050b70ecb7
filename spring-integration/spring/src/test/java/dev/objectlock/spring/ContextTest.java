package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.objectlock.Hold;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTime;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.weave.Woven;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.MapPropertySource;

/** The engine of a context: what it is made of, how long it lives, and which calls use it. */
class ContextTest {

    private static final LockOwner ALICE = LockOwner.user("alice");

    @Test
    void aBeanIsLockedInTheMemoryOfTheContext() {
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            assertThat(context.getBean(Things.class).pathOfHold("7")).isEqualTo("thing:7");
        }
    }

    @Test
    void theBackendIsTheOneBeanOfThatType() {
        try (var context = new AnnotationConfigApplicationContext(App.class, OneBackend.class)) {
            ObjectLocks other = ObjectLocks.builder()
                    .backend(context.getBean(LockBackend.class))
                    .build();
            try (other) {
                context.getBean(Things.class).during("7", () -> assertThat(
                                other.status(LockPath.of("thing:7")).isFree())
                        .as("seen by another engine on the same backend")
                        .isFalse());
            }
        }
    }

    @Test
    void twoBackendsAreAnErrorThatNamesBoth() {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> new AnnotationConfigApplicationContext(App.class, TwoBackends.class))
                .havingRootCause()
                .isInstanceOf(LockConfigurationException.class)
                .withMessageContaining("first")
                .withMessageContaining("second");
    }

    @Test
    void anEngineOfTheApplicationTakesThePlaceOfOurs() {
        try (var context = new AnnotationConfigApplicationContext(App.class, OwnEngine.class)) {
            assertThat(context.getBean(ObjectLocks.class)).isSameAs(OwnEngine.own);
            context.getBean(Things.class).during("7", () -> assertThat(
                            OwnEngine.own.status(LockPath.of("thing:7")).isFree())
                    .isFalse());
            assertThat(context.getBeanFactory().containsSingleton("objectLocks"))
                    .as("ours is not even made")
                    .isFalse();
        }
    }

    @Test
    void twoContextsLockEachInItsOwn() {
        try (var one = new AnnotationConfigApplicationContext(App.class);
                var two = new AnnotationConfigApplicationContext(App.class)) {
            one.getBean(Things.class).during("7", () -> {
                assertThat(two.getBean(ObjectLocks.class).roots()).isEmpty();
                two.getBean(Things.class).during("8", () -> assertThat(
                                one.getBean(ObjectLocks.class).roots())
                        .containsExactly(LockPath.of("thing:7")));
                assertThat(Hold.current().paths()).containsExactly(LockPath.of("thing:7"));
            });
        }
    }

    /** They are one application: whoever is inside there is in the way here. */
    @Test
    void aContextBelowAnotherLocksWhereThatDoes() {
        try (var above = new AnnotationConfigApplicationContext(App.class)) {
            try (var below = new AnnotationConfigApplicationContext()) {
                below.setParent(above);
                below.register(App.class);
                below.refresh();
                assertThat(below.getBean(ObjectLocks.class)).isSameAs(above.getBean(ObjectLocks.class));
                below.getBean(Things.class).during("7", () -> assertThat(above.getBean(ObjectLocks.class)
                                .status(LockPath.of("thing:7"))
                                .isFree())
                        .isFalse());
            }
            assertThat(above.getBean(ObjectLocks.class).isClosed()).isFalse();
            assertThat(installed()).isSameAs(above.getBean(ObjectLocks.class));
        }
    }

    /** A thread that nobody has entered is left as it was found. */
    @Test
    void nothingIsLeftOnAThread() throws Exception {
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                assertThat(thread.submit(() -> {
                                    context.getBean(Things.class).pathOfHold("7");
                                    return OwnerContext.bound();
                                })
                                .get(20, TimeUnit.SECONDS))
                        .isEmpty();
            } finally {
                thread.shutdownNow();
            }
        }
    }

    /** The owner was entered in the one engine; in the other, the thread is nobody in particular. */
    @Test
    void whoEnteredOneContextIsAStrangerInTheOther() {
        try (var one = new AnnotationConfigApplicationContext(App.class);
                var two = new AnnotationConfigApplicationContext(App.class)) {
            one.getBean(ObjectLocks.class).runAs(ALICE, () -> {
                one.getBean(Things.class)
                        .during("7", () -> assertThat(holder(one)).isEqualTo("alice"));
                two.getBean(Things.class)
                        .during("7", () -> assertThat(holder(two)).startsWith("nobody"));
            });
        }
    }

    private static String holder(AnnotationConfigApplicationContext context) {
        return context.getBean(ObjectLocks.class)
                .status(LockPath.of("thing:7"))
                .holds()
                .get(0)
                .owner()
                .name();
    }

    /** What a thread holds in code, and calls with locks on it, are one flow. */
    @Test
    void aCallJoinsWhatItsThreadHoldsInCode() {
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            LockPath path = LockPath.of("thing:7");
            try (Hold hold = context.getBean(ObjectLocks.class).acquire(LockRequest.monitor(path))) {
                context.getBean(Things.class)
                        .during("7", () -> assertThat(Hold.current().fence()).isEqualTo(hold.fence()));
            }
        }
    }

    @Test
    void wovenCallsUseTheContextThatIsActive() {
        LockPath path = LockPath.of("thing:1");
        try (var one = new AnnotationConfigApplicationContext(App.class)) {
            one.stop();
            try (var two = new AnnotationConfigApplicationContext(App.class)) {
                assertThat(installed()).isSameAs(two.getBean(ObjectLocks.class));
            }
            one.start();
            assertThat(installed()).isSameAs(one.getBean(ObjectLocks.class));
            assertThat(one.getBean(ObjectLocks.class).status(path).isFree()).isTrue();
        }
    }

    private static ObjectLocks installed() {
        return dev.objectlock.engine.Engines.current();
    }

    @Test
    void aClosedContextLeavesNoEngineBehind() {
        ObjectLocks locks;
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            locks = context.getBean(ObjectLocks.class);
            assertThat(locks.isClosed()).isFalse();
        }
        assertThat(locks.isClosed()).isTrue();
    }

    @Test
    void eventsArePublished() throws InterruptedException {
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            ObjectLocks locks = context.getBean(ObjectLocks.class);
            locks.runAs(
                    ALICE,
                    () -> locks.acquire(LockRequest.user(LockPath.of("thing:7")).keep()));
            LockEvent event = context.getBean(Heard.class).events.poll(20, TimeUnit.SECONDS);
            assertThat(event).isInstanceOf(LockEvent.Acquired.class);
        }
    }

    @Test
    void propertiesStandInPathsAndTimes() {
        try (var context = with(Map.of("site", "north", "patience", "5s"), Properties.class)) {
            assertThat(context.getBean(WithProperties.class).pathOfHold("7")).isEqualTo("north:7/default");
        }
        try (var context = with(Map.of("site", "south", "patience", "5s", "part", "arm"), Properties.class)) {
            assertThat(context.getBean(WithProperties.class).pathOfHold("7"))
                    .as("the same class in another context")
                    .isEqualTo("south:7/arm");
        }
    }

    @Test
    void aPropertyThatIsMissingIsNamedAtStartUp() {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> with(Map.of("site", "north"), Properties.class))
                .havingRootCause()
                .withMessageContaining("patience");
    }

    @Test
    void aPropertyWithAWrongValueIsRefusedAtStartUp() {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> with(Map.of("site", "north", "patience", "soon"), Properties.class))
                .satisfies(failure -> assertThat(messages(failure))
                        .contains("WithProperties.pathOfHold(String)")
                        .contains("soon"));
    }

    private static String messages(Throwable failure) {
        StringBuilder all = new StringBuilder();
        for (Throwable at = failure; at != null; at = at.getCause()) {
            all.append(at.getMessage()).append('\n');
        }
        return all.toString();
    }

    @Test
    void theSessionPolicyIsABean() {
        try (var context = new AnnotationConfigApplicationContext(App.class, Staying.class)) {
            try (var session = context.getBean(ObjectLocks.class).sessions().open("alice")) {
                assertThat(session.policy()).isEqualTo(SessionPolicy.STAY);
            }
        }
    }

    @Test
    void aCustomizerHasTheLastWord() {
        try (var context = new AnnotationConfigApplicationContext(App.class, Customized.class)) {
            assertThat(context.getBean(ObjectLocks.class)).asString().contains("called by its customizer");
        }
    }

    @Test
    void aMethodThatIsWovenIsPassedBy() {
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            assertThat(context.getBean(Things.class).hasHoldThoughWoven())
                    .as("the weaver was made up, so nobody takes the lock")
                    .isFalse();
        }
    }

    private static AnnotationConfigApplicationContext with(Map<String, Object> properties, Class<?>... classes) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
        context.register(classes);
        context.refresh();
        return context;
    }

    static class Things {

        @ObjectLock(path = "thing:{id}", mode = LockMode.MONITOR)
        String pathOfHold(String id) {
            return Hold.current().paths().get(0).toString();
        }

        @ObjectLock(path = "thing:{id}", mode = LockMode.MONITOR)
        void during(String id, Runnable body) {
            body.run();
        }

        @Woven
        @ObjectLock(path = "thing:1", mode = LockMode.MONITOR)
        boolean hasHoldThoughWoven() {
            return Hold.find().isPresent();
        }
    }

    static class WithProperties {

        @ObjectLock(path = "${site}:{id}/${part:default}", mode = LockMode.MONITOR, waitFor = "${patience}")
        String pathOfHold(String id) {
            return Hold.current().paths().get(0).toString();
        }
    }

    static class Heard {

        private final BlockingQueue<LockEvent> events = new LinkedBlockingQueue<>();

        @EventListener
        void on(LockEvent event) {
            events.add(event);
        }
    }

    @Configuration
    @EnableObjectLocks
    @Import({Things.class, Heard.class})
    static class App {}

    @Configuration
    @EnableObjectLocks
    @Import(WithProperties.class)
    static class Properties {}

    @Configuration
    static class OneBackend {
        @Bean
        LockBackend backend() {
            return MemoryLockBackend.create(LockTime.system());
        }
    }

    @Configuration
    static class TwoBackends {
        @Bean
        LockBackend first() {
            return MemoryLockBackend.create(LockTime.system());
        }

        @Bean
        LockBackend second() {
            return MemoryLockBackend.create(LockTime.system());
        }
    }

    @Configuration
    static class OwnEngine {

        private static ObjectLocks own;

        @Bean
        ObjectLocks ownLocks() {
            own = ObjectLocks.builder().name("own").build();
            return own;
        }
    }

    @Configuration
    static class Staying {
        @Bean
        SessionPolicy sessionPolicy() {
            return SessionPolicy.STAY;
        }
    }

    @Configuration
    static class Customized {
        @Bean
        ObjectLocksCustomizer customizer() {
            return builder -> builder.name("called by its customizer");
        }
    }
}
