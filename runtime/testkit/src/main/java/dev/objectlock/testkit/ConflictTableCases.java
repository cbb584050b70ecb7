package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Attempt;
import dev.objectlock.Hold;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Refused;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of the rule of conflict: what is held, what is asked for, what comes of it. */
public abstract class ConflictTableCases extends BackendCases {

    private static final LockPath A = LockPath.of("a");
    private static final LockPath B = LockPath.of("a", "b");

    /** For the subclasses. */
    protected ConflictTableCases() {}

    /**
     * One row.
     *
     * @param name what it shows
     * @param holder who holds
     * @param held what
     * @param asker who asks
     * @param asked for what
     * @param blockedBy the path that is in the way, or null if it is granted
     */
    record Row(
            String name, String holder, LockRequest held, String asker, LockRequest asked, @Nullable String blockedBy) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        LockRequest keptUser = LockRequest.user(A).keep();
        LockRequest keptClientB = LockRequest.client(B).keep();
        LockRequest monitor = LockRequest.monitor(A);
        return Stream.of(
                new Row("a tree keeps others out below", "alice/c1", keptUser, "bob/c3", LockRequest.user(B), "a"),
                new Row(
                        "a tree keeps monitors of others out",
                        "alice/c1",
                        keptUser,
                        "bob/c3",
                        LockRequest.monitor(B),
                        "a"),
                new Row("the same user on another client", "alice/c1", keptUser, "alice/c2", LockRequest.user(B), null),
                new Row("a monitor of the same user", "alice/c1", keptUser, "alice/c2", LockRequest.monitor(B), null),
                new Row(
                        "two USER calls of one person",
                        "alice/c1",
                        LockRequest.user(A),
                        "alice/c2",
                        LockRequest.user(A),
                        null),
                new Row(
                        "she narrows her own lock",
                        "alice/c1",
                        keptUser,
                        "alice/c2",
                        LockRequest.client(A).keep(),
                        null),
                new Row(
                        "a running USER call and CLIENT",
                        "alice/c1",
                        LockRequest.user(A),
                        "alice/c2",
                        LockRequest.client(A),
                        "a"),
                new Row(
                        "a running USER call and kept CLIENT",
                        "alice/c1",
                        LockRequest.user(A),
                        "alice/c2",
                        LockRequest.client(A).keep(),
                        "a"),
                new Row("kept USER above her own CLIENT", "alice/c1", keptClientB, "alice", keptUser, null),
                new Row("a tree over somebody's CLIENT", "alice/c1", keptClientB, "bob/c3", keptUser, "a/b"),
                new Row(
                        "OBJECT does not cover children",
                        "alice/c1",
                        LockRequest.user(A).objectOnly().keep(),
                        "bob/c3",
                        LockRequest.user(B),
                        null),
                new Row("two monitors of one user", "alice/c1", monitor, "alice/c1", monitor, "a"),
                new Row(
                        "a monitor and a USER call of one user",
                        "alice/c1",
                        monitor,
                        "alice/c1",
                        LockRequest.user(A),
                        "a"),
                new Row("a monitor and a kept USER of one user", "alice/c1", monitor, "alice/c1", keptUser, null),
                new Row("a monitor below a tree of others", "bob/c3", monitor, "alice/c1", keptUser, "a"),
                new Row(
                        "a monitor further down and a tree",
                        "bob/c3",
                        LockRequest.monitor(B),
                        "alice/c1",
                        keptUser,
                        "a/b"),
                new Row("monitors do not inherit", "alice/c1", monitor, "bob/c3", LockRequest.monitor(B), null),
                new Row(
                        "whole segments",
                        "alice/c1",
                        LockRequest.user(LockPath.of("cell:1", "arm")).keep(),
                        "bob/c3",
                        LockRequest.user(LockPath.of("cell:1", "arm2")),
                        null),
                new Row("trees never touch", "alice/c1", keptUser, "bob/c3", LockRequest.user(LockPath.of("ab")), null),
                new Row(
                        "readers go together",
                        "alice/c1",
                        LockRequest.user(A).shared().keep(),
                        "bob/c3",
                        LockRequest.user(A).shared(),
                        null),
                new Row(
                        "a writer waits for readers",
                        "alice/c1",
                        LockRequest.user(A).shared().keep(),
                        "bob/c3",
                        LockRequest.user(A),
                        "a"),
                new Row(
                        "extents that touch",
                        "alice/c1",
                        LockRequest.monitor(A).extent(0, 100),
                        "bob/c3",
                        LockRequest.monitor(A).extent(100, 200),
                        null),
                new Row(
                        "extents that overlap",
                        "alice/c1",
                        LockRequest.monitor(A).extent(0, 100),
                        "bob/c3",
                        LockRequest.monitor(A).extent(99, 200),
                        "a"),
                new Row(
                        "an extent and the whole object",
                        "alice/c1",
                        LockRequest.monitor(A).extent(0, 100),
                        "bob/c3",
                        monitor,
                        "a"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theTableOfTheRule(Row row) {
        Hold held = callAs(row.holder, () -> locks.acquire(row.held));
        try (Attempt attempt = callAs(row.asker, () -> locks.tryAcquire(row.asked))) {
            checkAnswer(row, attempt);
        }
        held.close();
        callAs(row.asker, () -> locks.acquire(row.asked)).close();
    }

    /** The same with many other holds around, so that a store that counts gives the same answers. */
    @ParameterizedTest
    @MethodSource("rows")
    void theTableOfTheRuleAmongManyHolds(Row row) {
        LockPath root = row.held.paths().get(0).root();
        for (int i = 0; i < 30; i++) {
            LockRequest other = LockRequest.user(root.child("other" + i)).keep();
            boolean treeOfAnother = row.asked.paths().get(0).equals(root)
                    || row.held.paths().get(0).equals(root);
            String owner =
                    treeOfAnother && row.asker.startsWith("alice") ? "alice/c9" : i % 2 == 0 ? "bob/c8" : "carol/c7";
            // Only where these do not decide the row themselves.
            if (!treeOfAnother || owner.startsWith("alice") && row.holder.startsWith("alice")) {
                as(owner, () -> locks.acquire(other));
            }
        }
        Hold held = callAs(row.holder, () -> locks.acquire(row.held));
        try (Attempt attempt = callAs(row.asker, () -> locks.tryAcquire(row.asked))) {
            checkAnswer(row, attempt);
        }
        held.close();
        locks.list(root).forEach(hold -> locks.runAs(hold.owner().inFlow("x"), () -> locks.release(hold.path())));
    }

    private static void checkAnswer(Row row, Attempt attempt) {
        if (row.blockedBy == null) {
            assertThat(attempt.isGranted()).as("%s", attempt).isTrue();
            return;
        }
        assertThat(attempt).isInstanceOf(Refused.class);
        Refused refused = (Refused) attempt;
        assertThat(refused.blockingPath()).hasToString(row.blockedBy);
        assertThat(refused.holder().user()).isEqualTo(row.holder.substring(0, row.holder.indexOf('/')));
        assertThat(refused.blocker().waiting()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whoIsRefusedGetsInWhenTheHolderHasLeft(Row row) {
        Hold held = callAs(row.holder, () -> locks.acquire(row.held));
        Running<Boolean> waiter = start(row.asker, () -> {
            locks.acquire(row.asked.waitFor(Duration.ofHours(1))).close();
            return true;
        });
        if (row.blockedBy != null) {
            awaitWaiters(row.asked.paths().get(0).toString(), 1);
            assertThat(waiter.isDone()).isFalse();
        }
        held.close();
        assertThat(waiter.result()).isTrue();
    }
}
