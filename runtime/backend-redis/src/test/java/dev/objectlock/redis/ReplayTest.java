package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.ChangeAnswer;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.Terms;
import java.util.ArrayList;
import java.util.EnumSet;
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

    /** Whoever stands behind a former process does not wait for its place. */
    @Test
    void whoStandsBehindAFormerProcessComesIn() {
        JoinedProcess former = get(store.backend().join(new Deaf()));
        Ask inTheWay = ask(PART, LockScope.OBJECT);
        get(process.ask(inTheWay));
        LockOwner carol = LockOwner.user("carol").inFlow("c");
        Ask both = new Ask(
                carol,
                series,
                List.of(scoped(PART), scoped(MOVED)),
                Ask.Patience.FOR_ANYTHING,
                false,
                inTheWay.askedAt());
        get(former.ask(both));
        Ask behind = ask(MOVED, LockScope.OBJECT, LockOwner.user("bob").inFlow("b"));
        Answer queued = get(process.ask(behind));
        assertThat(get(process.ask(both))).isInstanceOf(Answer.Queued.class);
        assertThat(((Answer.Queued) queued).decision()).isCompletedWithValueMatching(Answer.Granted.class::isInstance);
        get(process.giveBack(behind));
        get(process.giveBack(inTheWay));
        get(process.giveBack(both));
        get(former.leaveAsDead());
    }

    /** What is kept outlives a process, and what is scoped does not. */
    @Test
    void whatARequestHadForItsCallIsMadeAnew() {
        String secret = "secret";
        LockOwner client = LockOwner.user("alice").onClient("screen");
        JoinedProcess former = get(store.backend().join(new Deaf()));
        Connection before = get(former.openClient(client, secret, SessionPolicy.STAY));
        Ask mixed = new Ask(
                ALICE,
                series,
                List.of(scoped(PART), kept(PART)),
                Ask.Patience.FOR_ANYTHING,
                false,
                store.backend().time().nanoTime());
        get(former.ask(mixed));
        get(former.leaveAsDead());
        Connection now = get(process.presentClient(before, secret)).orElseThrow();
        assertThat(get(process.list(PART))).hasSize(1);
        assertThat(get(process.ask(mixed))).isInstanceOf(Answer.Granted.class);
        assertThat(get(process.list(PART))).extracting(HoldInfo::kept).containsExactlyInAnyOrder(true, false);
        get(process.giveBack(mixed));
        get(process.endClient(now));
        assertThat(get(process.roots())).isEmpty();
    }

    /** It was put in the line again, and had been decided already. */
    @Test
    void whatIsKeptIsNotUndoneByWaitingAgain() {
        Ask inTheWay = ask(PART, LockScope.OBJECT);
        get(process.ask(inTheWay));
        LockOwner bob = LockOwner.user("bob").inFlow("b");
        Ask keeps = new Ask(
                bob,
                series,
                List.of(kept(PART)),
                Ask.Patience.FOR_ANYTHING,
                false,
                store.backend().time().nanoTime());
        Answer queued = get(process.ask(keeps));
        waitAgain(keeps);
        assertThat(get(process.status(PART)).waiters()).hasSize(1);
        get(process.giveBack(inTheWay));
        waitAgain(keeps);
        assertThat(((Answer.Queued) queued).decision()).isCompletedWithValueMatching(Answer.Granted.class::isInstance);
        assertThat(get(process.list(PART))).singleElement().matches(HoldInfo::kept);
        get(process.release(PART, EnumSet.allOf(LockMode.class), bob, true));
    }

    /** It had given up meanwhile: nobody would give back what it is granted now. */
    @Test
    void whoHasGivenUpAndWaitsAgainGetsNothing() {
        Ask inTheWay = ask(PART, LockScope.OBJECT);
        get(process.ask(inTheWay));
        Ask waits = ask(PART, LockScope.OBJECT, LockOwner.user("bob").inFlow("b"));
        get(process.ask(waits));
        get(process.withdraw(waits));
        get(process.giveBack(inTheWay));
        waitAgain(waits);
        Until.so("nothing to be held", () -> get(process.roots()).isEmpty());
    }

    private void waitAgain(Ask ask) {
        List<String> arguments = new ArrayList<>();
        Wire.addAsk(arguments, ask);
        store.bucket().run("waitAgain", arguments.toArray(String[]::new)).join();
        // Whatever has been told meanwhile is passed on.
        get(process.roots());
    }

    /** The user has come back to the same process while it was about to present the client. */
    @Test
    void aClientThatWasResumedIsNotPresentedInstead() {
        LockOwner client = LockOwner.user("alice").onClient("screen");
        JoinedProcess former = get(store.backend().join(new Deaf()));
        Connection before = get(former.openClient(client, "secret", SessionPolicy.STAY));
        get(former.leaveAsDead());
        Connection resumed = get(process.resumeClient("screen", "secret")).orElseThrow();
        assertThat(get(process.presentClient(before, "secret"))).isEmpty();
        get(process.endClient(resumed));
        assertThat(get(process.resumeClient("screen", "secret"))).isEmpty();
    }

    /** The first answer was lost, also with the process. */
    @Test
    void aPresentationThatIsRepeatedIsTheSame() {
        LockOwner client = LockOwner.user("alice").onClient("screen");
        JoinedProcess former = get(store.backend().join(new Deaf()));
        Connection before = get(former.openClient(client, "secret", SessionPolicy.STAY));
        get(former.leaveAsDead());
        JoinedProcess lost = get(store.backend().join(new Deaf()));
        assertThat(get(lost.presentClient(before, "secret"))).isPresent();
        assertThat(get(lost.presentClient(before, "secret"))).isPresent();
        get(lost.leaveAsDead());
        Connection now = get(process.presentClient(before, "secret")).orElseThrow();
        get(process.endClient(now));
    }

    private static Claim kept(LockPath path) {
        return new Claim(path, Terms.kept(LockMode.USER, LockScope.OBJECT, LockAccess.EXCLUSIVE, null));
    }

    private static Claim scoped(LockPath path) {
        return new Claim(path, Terms.scoped(LockMode.USER, LockScope.OBJECT, LockAccess.EXCLUSIVE));
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
