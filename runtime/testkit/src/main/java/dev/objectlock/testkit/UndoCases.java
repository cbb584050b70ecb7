package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.backend.Terms;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of which nobody knows what became of them are undone: {@link JoinedProcess#undo}. */
public abstract class UndoCases extends BackendCases {

    private static final LockPath A = LockPath.of("a");

    private static final Claim CALL = new Claim(A, Terms.scoped(LockMode.USER, LockScope.TREE, LockAccess.EXCLUSIVE));

    private static final Claim KEEP =
            new Claim(A, Terms.kept(LockMode.USER, LockScope.TREE, LockAccess.EXCLUSIVE, null));

    private final Ask.Series series = new Ask.Series("undone");
    private JoinedProcess process;

    /** For the subclasses. */
    @SuppressWarnings("NullAway.Init")
    protected UndoCases() {}

    @BeforeEach
    void join() {
        process = done(store.backend().join(new Deaf()));
    }

    @AfterEach
    void leave() {
        done(process.leave());
    }

    @Test
    void aGrantIsGivenBack() {
        Ask ask = granted("u1/c1", CALL);
        done(process.undo(ask));
        assertThat(locks.roots()).isEmpty();
        done(process.undo(ask));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void whatWasTakenToKeepIsGivenBack() {
        Ask ask = granted("u1/c1", CALL, KEEP);
        assertThat(locks.list(A)).hasSize(2);
        done(process.undo(ask));
        assertThat(locks.roots()).isEmpty();
        nextEvent(LockEvent.Released.class);
        done(process.undo(ask));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void whatWasKeptBeforeStays() {
        Ask before = granted("u1/c1", KEEP);
        Ask ask = granted("u1/c1", CALL, KEEP);
        done(process.undo(ask));
        assertThat(locks.list(A)).singleElement().matches(HoldInfo::kept);
        done(process.undo(ask));
        assertThat(locks.list(A)).singleElement().matches(HoldInfo::kept);
        assertThat(callAs("u1/c1", () -> locks.release(A)).name()).isEqualTo("RELEASED");
        done(process.undo(before));
    }

    @Test
    void whatWasTakenAgainSinceStays() {
        Ask ask = granted("u1/c1", CALL, KEEP, KEEP);
        granted("u1/c2", KEEP);
        done(process.undo(ask));
        assertThat(locks.list(A)).singleElement().matches(HoldInfo::kept);
        as("u1/c1", () -> locks.release(A));
    }

    @Test
    void whatIsAskedForTwiceInOneRequestIsTakenOnce() {
        Ask ask = granted("u1/c1", KEEP, KEEP);
        done(process.undo(ask));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void whoeverIsInTheLineLeavesItAndIsNeverGranted() {
        Hold inTheWay = callAs("u2", () -> locks.acquire(LockRequest.user(A)));
        Ask ask = ask("u1/c1", CALL, KEEP);
        assertThat(done(process.ask(ask))).isInstanceOf(Answer.Queued.class);
        awaitWaiters("a", 1);
        done(process.undo(ask));
        assertThat(locks.status(A).waiters()).isEmpty();
        inTheWay.close();
        assertThat(locks.roots()).isEmpty();
        done(process.undo(ask));
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void aRequestThatWasNeverMadeIsUndoneToo() {
        try (Hold other = callAs("u1/c1", () -> locks.acquire(LockRequest.user(A)))) {
            done(process.undo(ask("u1/c1", CALL, KEEP)));
            assertThat(other.isHeld()).isTrue();
        }
        done(process.undo(ask("u1/c1", CALL)));
        assertThat(locks.roots()).isEmpty();
    }

    private Ask granted(String owner, Claim... claims) {
        Ask ask = ask(owner, claims);
        assertThat(done(process.ask(ask))).isInstanceOf(Answer.Granted.class);
        return ask;
    }

    private Ask ask(String owner, Claim... claims) {
        return new Ask(
                owner(owner).inFlow("f"),
                series,
                List.of(claims),
                Ask.Patience.FOR_ANYTHING,
                false,
                store.backend().time().nanoTime());
    }

    private static <T> T done(CompletionStage<T> stage) {
        await(() -> stage.toCompletableFuture().isDone());
        return stage.toCompletableFuture().join();
    }

    /** A process that does not listen. */
    private static final class Deaf implements ProcessListener {

        @Override
        public void happened(LockEvent event) {}

        @Override
        public void lost(Ask ask, Loss loss) {}

        @Override
        public void over(Connection connection) {}

        @Override
        public void historyOver(String root, long fence) {}

        @Override
        public void missed() {}
    }
}
