package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockPath;
import dev.objectlock.LockTime;
import dev.objectlock.WithoutStore;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.memory.MemoryLockBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

/** MG-06: a bean's methods while the store of the context cannot be reached. */
class WithoutStoreTest {

    @Test
    void aMethodOfABeanFailsByDefault() {
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            Cable cable = context.getBean(Cable.class);
            Things things = context.getBean(Things.class);
            cable.plugged = false;
            assertThatThrownBy(() -> things.isHeld("7"))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContainingAll("cable", "thing:7", "connection refused", "withoutStore(PROCEED)");
            cable.plugged = true;
            assertThat(things.isHeld("7")).isTrue();
        }
    }

    @Test
    void aContextWithoutItsStoreDoesNotStartByDefault() {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> new AnnotationConfigApplicationContext(Unplugged.class, App.class))
                .havingCause()
                .satisfies(cause -> assertThat(cause).hasStackTraceContaining("joining the store failed"));
    }

    @Test
    void anApplicationThatChoseToGoesOnAndHearsOfIt() throws InterruptedException {
        try (var context = new AnnotationConfigApplicationContext(App.class, Proceeding.class)) {
            Cable cable = context.getBean(Cable.class);
            Things things = context.getBean(Things.class);
            cable.plugged = false;
            assertThat(things.isHeld("7")).isFalse();
            assertThat(context.getBean(Heard.class).events.poll(20, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(LockEvent.Proceeded.class, proceeded -> assertThat(proceeded.paths())
                            .containsExactly(LockPath.of("thing:7")));
            cable.plugged = true;
            assertThat(things.isHeld("7")).isTrue();
        }
    }

    @Test
    void itStartsWithoutItsStoreToo() {
        try (var context = new AnnotationConfigApplicationContext(Unplugged.class, App.class, Proceeding.class)) {
            assertThat(context.getBean(Things.class).isHeld("7")).isFalse();
        }
    }

    static class Things {

        @ObjectLock(path = "thing:{id}", mode = LockMode.MONITOR)
        boolean isHeld(String id) {
            return Hold.current().isHeld();
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
    static class App {
        @Bean
        Cable backend(ObjectProvider<Unplugged> unplugged) {
            return new Cable(unplugged.getIfAvailable() == null);
        }
    }

    /** With this the store cannot be reached from the beginning. */
    static class Unplugged {}

    @Configuration
    static class Proceeding {
        @Bean
        ObjectLocksCustomizer proceeds() {
            return builder -> builder.withoutStore(WithoutStore.PROCEED);
        }
    }

    /** A store in memory, and what is between it and the application. */
    static final class Cable implements LockBackend {

        private final LockBackend real = MemoryLockBackend.create(LockTime.system());
        private volatile boolean plugged;

        Cable(boolean plugged) {
            this.plugged = plugged;
        }

        @Override
        public String name() {
            return "cable to " + real.name();
        }

        @Override
        public CompletionStage<JoinedProcess> join(ProcessListener listener) {
            return plugged ? real.join(listener).thenApply(this::through) : refused();
        }

        private static <T> CompletionStage<T> refused() {
            return CompletableFuture.failedFuture(new LockBackendException("connection refused", true, null));
        }

        private JoinedProcess through(JoinedProcess process) {
            return (JoinedProcess) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {JoinedProcess.class}, (proxy, method, args) -> {
                        if (!plugged && CompletionStage.class.isAssignableFrom(method.getReturnType())) {
                            return refused();
                        }
                        try {
                            return method.invoke(process, args);
                        } catch (InvocationTargetException failed) {
                            throw failed.getCause();
                        }
                    });
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
