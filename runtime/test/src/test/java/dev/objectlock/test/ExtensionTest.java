package dev.objectlock.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever kind of test it is, it runs as its user and with its own engine. */
@ExtendWith(ObjectLocksExtension.class)
@AsUser("alice")
class ExtensionTest {

    private Hold kept;

    private static String user() {
        return OwnerContext.bound().orElseThrow().owner().user();
    }

    @BeforeEach
    void keep(ObjectLocks locks) {
        kept = locks.acquire(LockRequest.user(LockPath.of("a")).keep());
    }

    @AfterEach
    void release(ObjectLocks locks) {
        assertThat(locks.release(LockPath.of("a"))).isEqualTo(dev.objectlock.Released.RELEASED);
    }

    @Test
    @AsUser(value = "bob", client = "c1")
    void ofAMethod() {
        assertThat(user()).isEqualTo("bob");
        assertThat(OwnerContext.bound().orElseThrow().owner().client()).isEqualTo("c1");
    }

    @RepeatedTest(2)
    void ofARepeatedTest() {
        assertThat(user()).isEqualTo("alice");
        assertThat(kept.isHeld()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ofAParameterisedTest(int ignored) {
        assertThat(user()).isEqualTo("alice");
        assertThat(kept.isHeld()).isTrue();
    }
}
