package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.ClientSession;
import dev.objectlock.ObjectLocks;
import dev.objectlock.SessionPolicy;
import dev.objectlock.backend.LockBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A store tells that a connection is over when it has answered whoever has the next one: two messages, in any order. */
class ResumedHereTest {

    @Test
    void theFormerSessionIsOverWheneverTheStoreTellsIt() {
        try (MemoryStore store = new MemoryStore()) {
            Late late = new Late(store.backend());
            try (ObjectLocks locks = ObjectLocks.builder().backend(late).build()) {
                ClientSession before = locks.sessions().open("alice", SessionPolicy.STAY);
                ClientSession after = locks.sessions().resume(before.id());
                assertThat(before.isOpen()).isFalse();
                late.heldBack.forEach(InterceptedBackend.Call::proceed);
                assertThat(after.isOpen()).isTrue();
                after.close();
            }
        }
    }

    private static final class Late extends InterceptedBackend {

        private final List<Call> heldBack = new ArrayList<>();

        Late(LockBackend real) {
            super(real);
        }

        @Override
        protected void told(Call call) {
            if (call.name().equals("over")) {
                heldBack.add(call);
            } else {
                call.proceed();
            }
        }
    }
}
