package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Fences over many grants of objects that become free in between, and a flush of the store. */
class FencesTest {

    private static final int GRANTS = 100_000;
    private static final int AT_ONCE = 200;
    private static final LockOwner OWNER = new LockOwner("u1", "c1", "f1");
    private static final Ask.Series SERIES = new Ask.Series("fences");

    private final RedisStore store = RedisStore.asItIs(RedisStore.Where.SERVER);
    private long last;

    @Test
    void xx09_aFenceIsNeverRepeatedOrSmallerOverAHundredThousandGrantsAndAFlush() {
        try {
            JoinedProcess process = join();
            for (int done = 0; done < GRANTS; done += AT_ONCE) {
                if (done == GRANTS / 2) {
                    store.forgetAll();
                    process = join();
                }
                grantSome(process);
            }
            assertThat(process.roots().toCompletableFuture().join()).isEmpty();
        } finally {
            store.close();
        }
    }

    private JoinedProcess join() {
        return store.backend().join(new Deaf()).toCompletableFuture().join();
    }

    /** Sent one behind the other on one connection, so that they are carried out in this order. */
    private void grantSome(JoinedProcess process) {
        List<Ask> asks = new ArrayList<>();
        List<CompletableFuture<?>> replies = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            Ask ask = ask();
            asks.add(ask);
            CompletionStage<Answer> answer = process.ask(ask);
            replies.add(answer.thenAccept(granted -> assertThat(granted).isInstanceOf(Answer.Granted.class))
                    .toCompletableFuture());
            replies.add(process.giveBack(ask).toCompletableFuture());
        }
        CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)).join();
        for (Ask ask : asks) {
            assertThat(ask.fence()).isGreaterThan(last);
            last = ask.fence();
        }
    }

    private static Ask ask() {
        Claim claim =
                new Claim(LockPath.of("a"), Terms.scoped(LockMode.MONITOR, LockScope.OBJECT, LockAccess.EXCLUSIVE));
        return new Ask(OWNER, SERIES, List.of(claim), Ask.Patience.NONE, false, System.nanoTime());
    }
}
