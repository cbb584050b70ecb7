package dev.objectlock.spring.boot.app.backends;

import dev.objectlock.LockTime;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.memory.MemoryLockBackend;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class BackendsApplication {

    @Bean
    LockBackend here() {
        return MemoryLockBackend.create(LockTime.system());
    }

    @Bean
    LockBackend there() {
        return MemoryLockBackend.create(LockTime.system());
    }
}
