package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Attempt;
import dev.objectlock.Hold;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of the rule of conflict: what is held, what is asked for, what comes of it. */
public abstract class ConflictTableCases extends BackendCases {

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
        return rows("");
    }

    /** The same objects further down in a tree that has much else in it. */
    static Stream<Row> rowsAmongMany() {
        return rows("many/");
    }

    private static Stream<Row> rows(String above) {
        LockPath a = path(above + "a");
        LockPath b = path(above + "a/b");
        LockRequest keptUser = LockRequest.user(a).keep();
        LockRequest keptClientB = LockRequest.client(b).keep();
        LockRequest monitor = LockRequest.monitor(a);
        return Stream.of(
                new Row(
                        "a tree keeps others out below",
                        "alice/c1",
                        keptUser,
                        "bob/c3",
                        LockRequest.user(b),
                        above + "a"),
                new Row(
                        "a tree keeps monitors of others out",
                        "alice/c1",
                        keptUser,
                        "bob/c3",
                        LockRequest.monitor(b),
                        above + "a"),
                new Row("the same user on another client", "alice/c1", keptUser, "alice/c2", LockRequest.user(b), null),
                new Row("a monitor of the same user", "alice/c1", keptUser, "alice/c2", LockRequest.monitor(b), null),
                new Row(
                        "two USER calls of one person",
                        "alice/c1",
                        LockRequest.user(a),
                        "alice/c2",
                        LockRequest.user(a),
                        null),
                new Row(
                        "she narrows her own lock",
                        "alice/c1",
                        keptUser,
                        "alice/c2",
                        LockRequest.client(a).keep(),
                        null),
                new Row(
                        "a running USER call and CLIENT",
                        "alice/c1",
                        LockRequest.user(a),
                        "alice/c2",
                        LockRequest.client(a),
                        above + "a"),
                new Row(
                        "a running USER call and kept CLIENT",
                        "alice/c1",
                        LockRequest.user(a),
                        "alice/c2",
                        LockRequest.client(a).keep(),
                        above + "a"),
                new Row("kept USER above her own CLIENT", "alice/c1", keptClientB, "alice", keptUser, null),
                new Row("a tree over somebody's CLIENT", "alice/c1", keptClientB, "bob/c3", keptUser, above + "a/b"),
                new Row(
                        "OBJECT does not cover children",
                        "alice/c1",
                        LockRequest.user(a).objectOnly().keep(),
                        "bob/c3",
                        LockRequest.user(b),
                        null),
                new Row("two monitors of one user", "alice/c1", monitor, "alice/c1", monitor, above + "a"),
                new Row(
                        "a monitor and a USER call of one user",
                        "alice/c1",
                        monitor,
                        "alice/c1",
                        LockRequest.user(a),
                        above + "a"),
                new Row("a monitor and a kept USER of one user", "alice/c1", monitor, "alice/c1", keptUser, null),
                new Row("a monitor below a tree of others", "bob/c3", monitor, "alice/c1", keptUser, above + "a"),
                new Row(
                        "a monitor further down and a tree",
                        "bob/c3",
                        LockRequest.monitor(b),
                        "alice/c1",
                        keptUser,
                        above + "a/b"),
                new Row("monitors do not inherit", "alice/c1", monitor, "bob/c3", LockRequest.monitor(b), null),
                new Row(
                        "whole segments",
                        "alice/c1",
                        LockRequest.user(path(above + "cell:1/arm")).keep(),
                        "bob/c3",
                        LockRequest.user(path(above + "cell:1/arm2")),
                        null),
                new Row(
                        "trees never touch",
                        "alice/c1",
                        keptUser,
                        "bob/c3",
                        LockRequest.user(path(above + "ab")),
                        null),
                new Row(
                        "readers go together",
                        "alice/c1",
                        LockRequest.user(a).shared().keep(),
                        "bob/c3",
                        LockRequest.user(a).shared(),
                        null),
                new Row(
                        "a writer waits for readers",
                        "alice/c1",
                        LockRequest.user(a).shared().keep(),
                        "bob/c3",
                        LockRequest.user(a),
                        above + "a"),
                new Row(
                        "extents that touch",
                        "alice/c1",
                        LockRequest.monitor(a).extent(0, 100),
                        "bob/c3",
                        LockRequest.monitor(a).extent(100, 200),
                        null),
                new Row(
                        "extents that overlap",
                        "alice/c1",
                        LockRequest.monitor(a).extent(0, 100),
                        "bob/c3",
                        LockRequest.monitor(a).extent(99, 200),
                        above + "a"),
                new Row(
                        "an extent and the whole object",
                        "alice/c1",
                        LockRequest.monitor(a).extent(0, 100),
                        "bob/c3",
                        monitor,
                        above + "a"));
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

    /** The same with many other holds beside, of all kinds, so that a store that counts gives the same answers. */
    @ParameterizedTest
    @MethodSource("rowsAmongMany")
    void theTableOfTheRuleAmongManyHolds(Row row) {
        List<Hold> beside = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            LockPath other = path("many/beside/" + i);
            LockRequest request =
                    switch (i % 4) {
                        case 0 -> LockRequest.user(other).keep();
                        case 1 -> LockRequest.client(other).keep();
                        case 2 -> LockRequest.monitor(other);
                        default -> LockRequest.user(other).shared();
                    };
            String owner = List.of("alice/c1", "bob/c3", "carol/c7").get(i % 3);
            beside.add(callAs(owner, () -> locks.acquire(request)));
        }
        theTableOfTheRule(row);
        beside.forEach(Hold::close);
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
