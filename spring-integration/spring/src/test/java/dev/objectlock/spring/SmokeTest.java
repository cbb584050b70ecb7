package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class SmokeTest {

    @Test
    void aBeanIsLocked() {
        try (var context = new AnnotationConfigApplicationContext(App.class)) {
            assertThat(context.getBean(Service.class).isLocked("7")).isTrue();
        }
    }

    static class Service {
        @ObjectLock(path = "thing:{id}", mode = LockMode.MONITOR)
        boolean isLocked(String id) {
            return Hold.find().isPresent();
        }
    }

    @Configuration
    @EnableObjectLocks
    @Import(Service.class)
    static class App {}
}
