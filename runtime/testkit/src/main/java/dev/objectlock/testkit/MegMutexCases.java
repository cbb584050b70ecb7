package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.LockBusyException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Released;
import dev.objectlock.testkit.fixtures.Device;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Documents in use, as the MEG mutex has them. */
public abstract class MegMutexCases extends BackendCases {

    private static final LockPath DRAFT = LockPath.of("draft:1");

    private final Device draft = new Device(null, "draft:1");

    /** For the subclasses. */
    protected MegMutexCases() {}

    private Duration left() {
        return locks.list(DRAFT).get(0).remaining().orElseThrow();
    }

    @Test
    void mg01_takingItAgainRenewsAlsoFromAnotherClient() {
        as("u1/c1", draft::keepForAMinute);
        long fence = locks.list(DRAFT).get(0).fence();
        store.pass(Duration.ofSeconds(50));
        assertThat(left()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        as("u1/c2", draft::keepForAMinute);
        assertThat(left()).isGreaterThan(Duration.ofSeconds(50));
        assertThat(locks.list(DRAFT)).hasSize(1);
        assertThat(locks.list(DRAFT).get(0).fence()).isEqualTo(fence);
        assertThatThrownBy(() -> as("u2/c3", draft::keepForAMinute))
                .isInstanceOfSatisfying(
                        LockBusyException.class,
                        busy -> assertThat(busy.holder().user()).isEqualTo("u1"))
                .hasMessageContaining("u1");
        as("u1/c1", draft::free);
    }

    @Test
    void mg02_onlyTheHolderFrees() {
        assertThat(callAs("u1/c1", () -> locks.release(DRAFT))).isEqualTo(Released.NOT_HELD);
        as("u1/c1", draft::keepForAMinute);
        assertThat(callAs("u2/c3", () -> locks.release(DRAFT))).isEqualTo(Released.NOT_YOURS);
        assertThat(locks.list(DRAFT)).hasSize(1);
        assertThat(callAs("u1/c2", () -> locks.release(DRAFT))).isEqualTo(Released.RELEASED);
        assertThat(locks.list(DRAFT)).isEmpty();
        assertThat(callAs("u1/c1", () -> locks.release(DRAFT))).isEqualTo(Released.NOT_HELD);
    }

    @Test
    void mg03_aLeaseOfAMinuteEndsAfterAMinute() {
        as("u1/c1", draft::keepForAMinute);
        LockPath other = LockPath.of("draft:2");
        as("u1/c1", () -> locks.acquire(LockRequest.user(other).keep()));
        store.pass(Duration.ofSeconds(59));
        assertThatThrownBy(() -> as("u2/c3", draft::keepForAMinute)).isInstanceOf(LockBusyException.class);
        store.pass(Duration.ofSeconds(1));
        as("u2/c3", draft::keepForAMinute);
        assertThat(callAs("u1/c1", () -> locks.release(DRAFT))).isEqualTo(Released.LOST);
        assertThat(locks.list(DRAFT)).hasSize(1);
        as("u2/c3", draft::free);
        as("u1/c1", () -> locks.release(other));
    }

    @Test
    void mg03_theFormerHolderIsToldOnce() {
        as("u1/c1", draft::keepForAMinute);
        store.pass(Duration.ofMinutes(2));
        assertThatThrownBy(() -> as("u1/c2", draft::touch)).isInstanceOf(LockLostException.class);
        as("u1/c1", draft::touch);

        as("u1/c1", draft::keepForAMinute);
        store.pass(Duration.ofMinutes(2));
        as("u1/c1", draft::keepForAMinute);
        as("u1/c1", draft::touch);
        as("u1/c1", draft::free);
    }

    @Test
    void mg05_methodsThatSayNothingAreNotBlocked() {
        as("u1/c1", draft::keepForAMinute);
        as("u2/c3", draft::advisory);
        assertThatThrownBy(() -> as("u2/c3", draft::touch)).isInstanceOf(LockBusyException.class);
        as("u1/c1", draft::free);
    }
}
