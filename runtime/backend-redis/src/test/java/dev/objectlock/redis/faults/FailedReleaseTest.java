package dev.objectlock.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockRequest;
import dev.objectlock.Released;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What cannot be given back while the store is away is given back later. */
@Tag("own-server")
class FailedReleaseTest extends BrittleWire {

    @Test
    void aHoldIsGivenBackAsSoonAsTheStoreAnswers() {
        Hold hold = locks.acquire(LockRequest.monitor(PATH));
        failing(hold);
        assertThat(others.list(PATH)).hasSize(1);
        wire.heal();
    }

    @Test
    void aKeptHoldCanBeReleasedAgain() {
        Hold hold = locks.callAs(
                LockOwner.user("alice"),
                () -> locks.acquire(LockRequest.user(PATH).keep()));
        failing(hold);
        wire.heal();
        quiet();
        assertThat(hold.release()).isIn(Released.RELEASED, Released.NOT_HELD);
    }

    private void failing(Hold hold) {
        wire.refuse();
        assertThatThrownBy(hold::release).isInstanceOf(LockBackendException.class);
    }
}
