package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockTime;
import dev.objectlock.ObjectLocks;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.memory.MemoryLockBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** A store whose bean is closed with its context: the engine has left it by then, whichever of the two was made first. */
class ClosedBackendTest {

    @Test
    void theEngineLeavesTheStoreThatIsMadeBeforeIt() {
        assertThat(engineClosedWithStore(First.class, Locks.class)).containsExactly(true);
    }

    @Test
    void theEngineLeavesTheStoreThatIsMadeForIt() {
        assertThat(engineClosedWithStore(Locks.class, WhenAskedFor.class)).containsExactly(true);
    }

    /** Returns whether the engine was closed, each time the store is. */
    private static List<Boolean> engineClosedWithStore(Class<?>... classes) {
        List<Boolean> closed = new ArrayList<>();
        try (var context = new AnnotationConfigApplicationContext(classes)) {
            ObjectLocks locks = context.getBean(ObjectLocks.class);
            context.getBean(Store.class).whenClosed = () -> closed.add(locks.isClosed());
        }
        return closed;
    }

    static final class Store implements LockBackend {

        private final LockBackend memory = MemoryLockBackend.create(LockTime.system());
        private Runnable whenClosed = () -> {};

        @Override
        public String name() {
            return "store";
        }

        @Override
        public CompletionStage<JoinedProcess> join(ProcessListener listener) {
            return memory.join(listener);
        }

        @Override
        public void close() {
            whenClosed.run();
            memory.close();
        }
    }

    @Configuration
    @EnableObjectLocks
    static class Locks {}

    @Configuration
    static class First {
        @Bean
        Store store() {
            return new Store();
        }
    }

    @Configuration
    static class WhenAskedFor {
        @Bean
        @Lazy
        Store store() {
            return new Store();
        }
    }
}
