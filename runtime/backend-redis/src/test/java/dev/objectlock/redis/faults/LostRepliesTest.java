package dev.objectlock.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTimeoutException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Released;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.redis.OwnRedis;
import dev.objectlock.redis.RedisLockBackend;
import dev.objectlock.redis.Until;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store does what it is asked, the wire breaks before the reply is here, and the request is sent once more. */
@Tag("own-server")
class LostRepliesTest {

    /** How the wire breaks: after half of the reply, or before it. */
    enum How {
        RESET,
        CLOSED,
        TORN
    }

    private static final LockPath PATH = LockPath.of("cell:7", "arm");
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final Duration QUIET = Duration.ofMillis(100);

    private OwnRedis redis;
    private TcpProxy wire;
    private RedisClient brittle;
    private RedisClient firm;
    private ObjectLocks locks;
    private ObjectLocks others;

    @BeforeEach
    void open() {
        redis = OwnRedis.start();
        wire = new TcpProxy(redis.port());
        brittle = RedisClient.create(RedisURI.create("127.0.0.1", wire.port()));
        firm = RedisClient.create(redis.uri());
        locks = engine(brittle);
        others = engine(firm);
    }

    private static ObjectLocks engine(RedisClient client) {
        LockBackend backend = RedisLockBackend.create(client);
        return ObjectLocks.builder().backend(backend).build();
    }

    @AfterEach
    void close() {
        assertThat(others.roots()).isEmpty();
        locks.close();
        others.close();
        brittle.shutdown();
        firm.shutdown();
        wire.close();
        redis.close();
    }

    @ParameterizedTest
    @EnumSource
    void aRequestIsGrantedOnce(How how) throws Exception {
        Hold hold = losingReply(how, () -> locks.acquire(LockRequest.monitor(PATH)));
        assertThat(others.list(PATH)).hasSize(1);
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
    }

    @ParameterizedTest
    @EnumSource
    void aHoldThatIsGivenBackIsNotLost(How how) throws Exception {
        Hold hold = locks.acquire(LockRequest.monitor(PATH));
        assertThat(losingReply(how, hold::release)).isEqualTo(Released.RELEASED);
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatHasEndedHasLostNothing(How how) throws Exception {
        CompletableFuture<String> inside = new CompletableFuture<>();
        CompletableFuture<String> goOn = new CompletableFuture<>();
        CompletableFuture<String> call = inThread(() -> locks.call(LockRequest.monitor(PATH), () -> {
            inside.complete("inside");
            return goOn.join();
        }));
        inside.join();
        assertThat(losingReply(how, () -> {
                    goOn.complete("done");
                    return result(call);
                }))
                .isEqualTo("done");
    }

    @ParameterizedTest
    @EnumSource
    void aKeptHoldThatIsGivenBackWasThere(How how) throws Exception {
        Hold hold = locks.callAs(
                LockOwner.user("alice"),
                () -> locks.acquire(LockRequest.user(PATH).keep()));
        assertThat(losingReply(how, hold::release)).isIn(Released.RELEASED, Released.NOT_HELD);
    }

    @ParameterizedTest
    @EnumSource
    void whoGivesUpWaitingIsToldSo(How how) throws Exception {
        Hold inTheWay = others.acquire(LockRequest.monitor(PATH));
        CompletableFuture<Hold> waiting =
                inThread(() -> locks.acquire(LockRequest.monitor(PATH).waitFor(WAIT)));
        Until.so("a waiter", () -> others.status(PATH).waiters().size() == 1);
        quiet();
        assertThat(losingReply(how, () -> failure(waiting))).isInstanceOf(LockTimeoutException.class);
        inTheWay.close();
    }

    @ParameterizedTest
    @EnumSource
    void whoGivesUpWaitingAndWasGrantedMeanwhileHasIt(How how) throws Exception {
        Hold inTheWay = others.acquire(LockRequest.monitor(PATH));
        CompletableFuture<Hold> waiting =
                inThread(() -> locks.acquire(LockRequest.monitor(PATH).waitFor(WAIT)));
        Until.so("a waiter", () -> others.status(PATH).waiters().size() == 1);
        quiet();
        Hold hold = losingReply(how, () -> {
            inTheWay.close();
            return result(waiting);
        });
        assertThat(hold.isHeld()).isTrue();
        assertThat(hold.release()).isEqualTo(Released.RELEASED);
    }

    /** Nothing is under way any more. */
    private void quiet() {
        Until.so("nothing to be under way", () -> System.nanoTime() - wire.repliedAt() > QUIET.toNanos());
    }

    /** Does something of which the first reply is lost. */
    private <T> T losingReply(How how, Callable<T> body) throws Exception {
        quiet();
        if (how == How.TORN) {
            wire.tearNextReply();
            return result(inThread(body));
        }
        wire.swallowReplies();
        CompletableFuture<T> done = inThread(body);
        Until.so("a reply to be lost", wire::hasSwallowed);
        wire.heal(how == How.RESET ? TcpProxy.How.RESET : TcpProxy.How.CLOSED);
        return result(done);
    }

    private static <T> T result(CompletableFuture<T> of) throws Exception {
        try {
            return of.get(Until.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception known ? known : failed;
        } catch (TimeoutException never) {
            throw new AssertionError("it never comes back", never);
        }
    }

    private static Throwable failure(CompletableFuture<?> of) throws Exception {
        try {
            return new AssertionError("no failure, but " + of.get(Until.LONG.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (TimeoutException never) {
            throw new AssertionError("it never comes back", never);
        }
    }

    private static <T> CompletableFuture<T> inThread(Callable<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(body.call());
            } catch (Throwable failed) {
                result.completeExceptionally(failed);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
