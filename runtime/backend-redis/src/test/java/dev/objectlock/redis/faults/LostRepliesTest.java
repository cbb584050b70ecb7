package dev.objectlock.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.Released;
import dev.objectlock.redis.Until;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store does what it is asked, and the connection ends before the whole reply is here, so that the request is sent again. */
@Tag("own-server")
class LostRepliesTest extends BrittleWire {

    private static final Duration WAIT = Duration.ofMillis(500);

    /** How much of the reply arrives. */
    enum Arrives {
        NOTHING,
        HALF
    }

    @ParameterizedTest
    @EnumSource
    void aRequestIsGrantedOnce(Arrives part) throws Exception {
        Hold hold = losingReply(part, () -> locks.acquire(LockRequest.monitor(PATH)));
        assertThat(others.list(PATH)).hasSize(1);
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
    }

    @ParameterizedTest
    @EnumSource
    void aHoldThatIsGivenBackIsNotLost(Arrives part) throws Exception {
        Hold hold = locks.acquire(LockRequest.monitor(PATH));
        assertThat(losingReply(part, hold::release)).isEqualTo(Released.RELEASED);
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatHasEndedHasLostNothing(Arrives part) throws Exception {
        CompletableFuture<String> inside = new CompletableFuture<>();
        CompletableFuture<String> goOn = new CompletableFuture<>();
        CompletableFuture<String> call = inThread(() -> locks.call(LockRequest.monitor(PATH), () -> {
            inside.complete("inside");
            return goOn.join();
        }));
        inside.join();
        assertThat(losingReply(part, () -> {
                    goOn.complete("done");
                    return result(call);
                }))
                .isEqualTo("done");
    }

    @ParameterizedTest
    @EnumSource
    void aKeptHoldThatIsGivenBackWasThere(Arrives part) throws Exception {
        Hold hold = locks.callAs(
                LockOwner.user("alice"),
                () -> locks.acquire(LockRequest.user(PATH).keep()));
        assertThat(losingReply(part, hold::release)).isIn(Released.RELEASED, Released.NOT_HELD);
    }

    @ParameterizedTest
    @EnumSource
    void whoGivesUpWaitingIsToldSo(Arrives part) throws Exception {
        Hold inTheWay = others.acquire(LockRequest.monitor(PATH));
        CompletableFuture<Hold> waiting =
                inThread(() -> locks.acquire(LockRequest.monitor(PATH).waitFor(WAIT)));
        Until.so("a waiter", () -> others.status(PATH).waiters().size() == 1);
        quiet();
        assertThat(losingReply(part, () -> failure(waiting))).isInstanceOf(LockTimeoutException.class);
        inTheWay.close();
    }

    @ParameterizedTest
    @EnumSource
    void whoGivesUpWaitingAndWasGrantedMeanwhileHasIt(Arrives part) throws Exception {
        Hold inTheWay = others.acquire(LockRequest.monitor(PATH));
        CompletableFuture<Hold> waiting =
                inThread(() -> locks.acquire(LockRequest.monitor(PATH).waitFor(WAIT)));
        Until.so("a waiter", () -> others.status(PATH).waiters().size() == 1);
        quiet();
        Hold hold = losingReply(part, () -> {
            inTheWay.close();
            return result(waiting);
        });
        assertThat(hold.isHeld()).isTrue();
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
    }

    /** It is asked again and answered, and the message that decided it comes as well: in any order. */
    @RepeatedTest(5)
    void aKeptHoldThatWasGrantedMeanwhileStays() throws Exception {
        Hold inTheWay = others.acquire(LockRequest.monitor(PATH));
        quiet();
        wire.swallowReplies();
        CompletableFuture<Hold> asked = inThread(() -> locks.callAs(
                LockOwner.user("alice"),
                () -> locks.acquire(LockRequest.user(PATH).keep().waitFor(Until.LONG))));
        Until.so("a waiter", () -> others.status(PATH).waiters().size() == 1);
        inTheWay.close();
        Until.so("it to be granted", () -> others.list(PATH).stream().anyMatch(HoldInfo::kept));
        wire.heal(TcpProxy.How.CLOSED);
        Hold hold = result(asked);
        quiet();
        assertThat(others.list(PATH)).hasSize(1);
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
    }

    @Test
    void aConnectionThatBreaksFailsARequestAndLeavesNothing() throws Exception {
        quiet();
        wire.swallowReplies();
        CompletableFuture<Hold> asked = inThread(() -> locks.acquire(LockRequest.monitor(PATH)));
        Until.so("a reply to be lost", wire::hasSwallowed);
        wire.heal(TcpProxy.How.RESET);
        if (failure(asked) instanceof LockBackendException failed) {
            assertThat(failed.isOutcomeKnown()).isFalse();
        } else {
            result(asked).close();
        }
        Until.so("nothing to be held", () -> others.roots().isEmpty());
        locks.acquire(LockRequest.monitor(PATH)).close();
    }

    /** Does something of which the first reply is lost. */
    private <T> T losingReply(Arrives part, Callable<T> body) throws Exception {
        quiet();
        if (part == Arrives.HALF) {
            wire.tearNextReply();
            return result(inThread(body));
        }
        wire.swallowReplies();
        CompletableFuture<T> done = inThread(body);
        Until.so("a reply to be lost", wire::hasSwallowed);
        wire.heal(TcpProxy.How.CLOSED);
        return result(done);
    }
}
