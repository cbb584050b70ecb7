package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.ChangeAnswer;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that arrives once more when much has happened since: word for word as it was sent first. */
class ReplayTest {

    private static final LockOwner ALICE =
            LockOwner.user("alice").onClient("screen").inFlow("f");
    private static final LockPath PART = LockPath.parse("score/part");
    private static final LockPath MOVED = LockPath.parse("score/other");

    private final RedisStore store = RedisStore.settled(RedisStore.Where.SERVER);
    private final Ask.Series series = new Ask.Series("f");
    private final JoinedProcess process = get(store.backend().join(new Deaf()));

    /** The store looks whether anything is left in it. */
    @AfterEach
    void close() {
        get(process.leave());
        store.close();
    }

    @Test
    void whatHasMovedSinceIsNotGrantedASecondTime() {
        Ask around = ask(PART, LockScope.OBJECT);
        get(process.ask(around));
        Ask inside = ask(LockPath.parse("score/part/bar"), LockScope.OBJECT);
        List<String> sent = new ArrayList<>();
        Wire.addAsk(sent, inside);
        assertThat(get(process.ask(inside))).isInstanceOf(Answer.Granted.class);
        long fence = inside.fence();
        assertThat(get(process.move(PART, MOVED, ALICE))).isInstanceOf(ChangeAnswer.Done.class);

        Reply again = store.bucket().run("ask", sent.toArray(String[]::new)).join();
        assertThat(again.text(0)).isEqualTo("granted");
        assertThat(again.text(1)).isEqualTo(Long.toString(fence));
        assertThat(get(process.list(LockPath.parse("score"))))
                .extracting(hold -> hold.path().toString())
                .containsExactlyInAnyOrder("score/other", "score/other/bar");
        get(process.giveBack(inside));
        get(process.giveBack(around));
        assertThat(get(process.roots())).isEmpty();
    }

    @Test
    void whatIsGivenBackTwiceFreesNothingElse() {
        Ask first = ask(PART, LockScope.TREE);
        get(process.ask(first));
        get(process.giveBack(first));
        Ask second = ask(PART, LockScope.TREE);
        get(process.ask(second));
        get(process.giveBack(first));
        assertThat(get(process.list(PART))).hasSize(1);
        get(process.giveBack(second));
    }

    private Ask ask(LockPath path, LockScope scope) {
        return new Ask(
                ALICE,
                series,
                List.of(new Claim(path, Terms.scoped(LockMode.USER, scope, LockAccess.EXCLUSIVE))),
                Ask.Patience.FOR_ANYTHING,
                false,
                store.backend().time().nanoTime());
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
