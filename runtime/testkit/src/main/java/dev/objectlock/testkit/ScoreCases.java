package dev.objectlock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Body;
import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import dev.objectlock.UndoEntry;
import dev.objectlock.testkit.fixtures.Score;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What cases about transactions share: a score whose parts are changed. After each test no transaction is open. */
abstract class ScoreCases extends BackendCases {

    static final LockPath ROOT = LockPath.of("score:1");
    static final LockPath PART = ROOT.child("part:a");
    static final LockPath OTHER = ROOT.child("part:b");

    /** In another tree. */
    static final LockPath APART = LockPath.of("score:2", "part:a");

    /** After so long without a call in it an open transaction is lost. */
    static final Duration IDLE = Duration.ofSeconds(10);

    final Score score = new Score().with(PART).with(OTHER).with(APART);

    LockTransactions transactions;

    @SuppressWarnings("NullAway.Init")
    ScoreCases() {}

    @BeforeEach
    void useTheScore() {
        transactions = locks.transactions();
        transactions.participant("score:{score}/part:{part}", score);
    }

    @AfterEach
    void noTransactionIsLeftOpen() {
        await(() -> transactions.open().isEmpty());
    }

    /** Another process that changes the same score. */
    ObjectLocks otherProcessOnTheScore() {
        return knowing(otherProcess(store.backend()));
    }

    /** Has a process capture and restore the score. */
    ObjectLocks knowing(ObjectLocks process) {
        process.transactions().participant("score:{score}/part:{part}", score);
        return process;
    }

    /** A change that adds to an extent. */
    static TransactionRequest adding(long by, LockPath part, long from, long to) {
        return TransactionRequest.of("Add " + by, part, from, to);
    }

    /** Adds to an extent, as one transaction of whoever is bound to the thread. */
    void add(long by, LockPath part, long from, long to) {
        addAnd(by, part, from, to, () -> {});
    }

    /** Adds to an extent and goes on with something, as one transaction. */
    void addAnd(long by, LockPath part, long from, long to, Body.Action<RuntimeException> more) {
        transactions.run(adding(by, part, from, to), () -> {
            score.add(part, from, to, by);
            more.run();
        });
    }

    /** Begins to add to an extent, and leaves the transaction open. */
    OpenTransaction addOpen(long by, LockPath part, long from, long to) {
        OpenTransaction open = transactions.begin(adding(by, part, from, to));
        open.run(() -> score.add(part, from, to, by));
        return open;
    }

    /** Waits for what another thread does. */
    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).as("gave up waiting").isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    long at(int position) {
        return score.at(PART, position);
    }

    List<String> undoNames() {
        return names(transactions.undoable(ROOT));
    }

    List<String> redoNames() {
        return names(transactions.redoable(ROOT));
    }

    static List<String> names(List<UndoEntry> entries) {
        return entries.stream().map(UndoEntry::name).toList();
    }
}
