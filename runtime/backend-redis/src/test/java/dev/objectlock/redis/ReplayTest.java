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

    /** It has another name since it was taken for dead elsewhere, and what it had could not be cleared away here. */
    @Test
    void whatAFormerProcessHadIsAskedForAnew() {
        JoinedProcess former = get(store.backend().join(new Deaf()));
        Ask held = ask(PART, LockScope.TREE);
        get(former.ask(held));
        LockOwner bob = LockOwner.user("bob").inFlow("b");
        Ask inTheWay = ask(MOVED, LockScope.OBJECT);
        get(process.ask(inTheWay));
        Ask waits = ask(MOVED, LockScope.OBJECT, bob);
        assertThat(get(former.ask(waits))).isInstanceOf(Answer.Queued.class);

        long before = held.fence();
        assertThat(get(process.ask(held))).isInstanceOf(Answer.Granted.class);
        assertThat(held.fence()).isGreaterThan(before);
        Answer again = get(process.ask(waits));
        assertThat(again).isInstanceOf(Answer.Queued.class);
        get(former.leaveAsDead());
        assertThat(get(process.list(PART))).hasSize(1);
        get(process.giveBack(held));
        get(process.giveBack(inTheWay));
        assertThat(((Answer.Queued) again).decision()).isCompletedWithValueMatching(Answer.Granted.class::isInstance);
        get(process.giveBack(waits));
    }

    /** It is judged as a new one, and whoever waited for what it had comes in. */
    @Test
    void whoWaitedForWhatAFormerProcessHadComesIn() {
        JoinedProcess former = get(store.backend().join(new Deaf()));
        Ask held = ask(PART, LockScope.TREE);
        get(former.ask(held));
        Ask waits = ask(PART, LockScope.OBJECT, LockOwner.user("bob").inFlow("b"));
        Answer queued = get(process.ask(waits));
        assertThat(get(process.ask(held))).isInstanceOf(Answer.Queued.class);
        assertThat(((Answer.Queued) queued).decision()).isCompletedWithValueMatching(Answer.Granted.class::isInstance);
        get(process.giveBack(waits));
        get(process.giveBack(held));
        get(former.leaveAsDead());
    }

    private Ask ask(LockPath path, LockScope scope) {
        return ask(path, scope, ALICE);
    }

    private Ask ask(LockPath path, LockScope scope, LockOwner owner) {
        return new Ask(
                owner,
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
