package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.objectlock.Extent;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import dev.objectlock.TransactionRolledBackException;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoParticipant;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockTransaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions with undo around, and inside, database transactions, on a real H2: rows, and what is beside them in memory. */
class UndoOnDatabaseTest {

    private static final LockPath SCORE = LockPath.of("score:1");
    private static final LockOwner ALICE = LockOwner.user("alice");

    private AnnotationConfigApplicationContext context;
    private ObjectLocks locks;
    private LockTransactions transactions;
    private Scores scores;
    private Parts parts;
    private TransactionTemplate outer;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(App.class);
        locks = context.getBean(ObjectLocks.class);
        transactions = locks.transactions();
        scores = context.getBean(Scores.class);
        parts = context.getBean(Parts.class);
        outer = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
        jdbc.execute("create table note (position int primary key, pitch int)");
        for (int i = 0; i < 8; i++) {
            jdbc.update("insert into note values (?, 60)", i);
        }
    }

    @AfterEach
    void stop() {
        assertThat(locks.roots()).as("nothing is held afterwards").isEmpty();
        assertThat(transactions.open()).isEmpty();
        context.close();
    }

    private List<Integer> rows() {
        return context.getBean(JdbcTemplate.class)
                .queryForList("select pitch from note order by position", Integer.class);
    }

    private List<String> undoNames() {
        return transactions.undoable(SCORE).stream().map(UndoEntry::name).toList();
    }

    private void takeAway() {
        locks.runAs(OnDatabase.ADMIN, () -> {
            for (HoldInfo hold : locks.list(SCORE)) {
                assertThat(locks.forceRelease(SCORE, hold.id(), "needed")).isTrue();
            }
        });
    }

    @Test
    void whatTheDatabaseCommitsCanBeUndoneAndRedone() {
        locks.runAs(ALICE, () -> scores.transpose(0, 4, 3, () -> {}));
        assertThat(rows()).containsExactly(63, 63, 63, 63, 60, 60, 60, 60);
        assertThat(undoNames()).containsExactly("Transpose by 3");
        assertThat(transactions.undo(SCORE)).isPresent();
        assertThat(rows()).containsOnly(60);
        assertThat(parts.changes).hasValue(0);
        assertThat(transactions.redo(SCORE)).isPresent();
        assertThat(rows()).startsWith(63, 63, 63, 63, 60);
        assertThat(parts.changes).hasValue(1);
    }

    @Test
    void whatIsRolledBackIsAsItWasAndLeavesNoStep() {
        assertThatIllegalStateException()
                .isThrownBy(() -> scores.transpose(0, 4, 3, () -> {
                    throw new IllegalStateException("broken");
                }))
                .withMessage("broken");
        assertThat(rows()).containsOnly(60);
        assertThat(parts.changes).hasValue(0);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void aHoldThatIsLostBeforeTheCommitRollsBack() {
        assertThatExceptionOfType(LockLostException.class)
                .isThrownBy(() -> locks.runAs(ALICE, () -> scores.transpose(0, 4, 3, this::takeAway)));
        assertThat(rows()).containsOnly(60);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void insideADatabaseTransactionTheStepIsThereWhenThatIsCommitted() {
        outer.executeWithoutResult(status -> {
            scores.plain(0, 4, 3);
            assertThat(undoNames()).isEmpty();
            assertThat(locks.list(SCORE)).as("held until the commit").hasSize(1);
            scores.plain(2, 6, 1);
            assertThat(transactions.open()).as("part of the same change").hasSize(1);
        });
        assertThat(rows()).containsExactly(63, 63, 64, 64, 61, 61, 60, 60);
        assertThat(undoNames()).containsExactly("Transpose by 3");
        assertThat(transactions.undo(SCORE)).isPresent();
        assertThat(rows()).containsOnly(60);
        assertThat(parts.changes).hasValue(0);
    }

    @Test
    void insideADatabaseTransactionThatIsRolledBackThereIsNone() {
        outer.executeWithoutResult(status -> {
            scores.plain(0, 4, 3);
            status.setRollbackOnly();
        });
        assertThat(rows()).containsOnly(60);
        assertThat(parts.changes).as("what the database does not know of").hasValue(0);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void whatFailsInsideIsRestoredThoughTheRestIsCommitted() {
        outer.executeWithoutResult(status -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> scores.plainAnd(0, 4, 3, () -> {
                        throw new IllegalStateException("broken");
                    }));
            assertThat(rows()).as("at once, in the same database transaction").containsOnly(60);
            context.getBean(JdbcTemplate.class).update("update note set pitch = 72 where position = 7");
        });
        assertThat(rows()).containsExactly(60, 60, 60, 60, 60, 60, 60, 72);
        assertThat(parts.changes).hasValue(0);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void aPartThatFailsInsideHasAllOfItRestored() {
        outer.executeWithoutResult(status -> assertThatExceptionOfType(TransactionRolledBackException.class)
                .isThrownBy(() -> scores.plainAnd(0, 4, 3, () -> assertThatIllegalStateException()
                        .isThrownBy(() -> context.getBean(Scores.class).plainAnd(4, 8, 1, () -> {
                            throw new IllegalStateException("broken");
                        })))));
        assertThat(rows()).containsOnly(60);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void afterWhatHasFailedInsideAnotherChangeIsOneOfItsOwn() {
        outer.executeWithoutResult(status -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> scores.plainAnd(0, 4, 3, () -> {
                        throw new IllegalStateException("broken");
                    }));
            scores.plain(0, 4, 5);
        });
        assertThat(rows()).startsWith(65, 65, 65, 65, 60);
        assertThat(undoNames()).containsExactly("Transpose by 5");
        outer.executeWithoutResult(status -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> scores.plainAnd(0, 4, 3, () -> {
                        throw new IllegalStateException("broken");
                    }));
            scores.plain(0, 4, 1);
            status.setRollbackOnly();
        });
        assertThat(rows()).startsWith(65, 65, 65, 65, 60);
        assertThat(parts.changes).hasValue(1);
        assertThat(transactions.undo(SCORE)).isPresent();
        assertThat(rows()).containsOnly(60);
    }

    /** Else the rows would be committed, and what was changed restored afterwards, outside of any database transaction. */
    @Test
    void aPartThatFailsKeepsTheDatabaseFromCommitting() {
        assertThatExceptionOfType(TransactionRolledBackException.class)
                .isThrownBy(() -> scores.transpose(0, 4, 3, () -> assertThatIllegalStateException()
                        .isThrownBy(() -> context.getBean(Scores.class).plainAnd(4, 8, 1, () -> {
                            throw new IllegalStateException("broken");
                        }))))
                .withMessageContaining("broken");
        assertThat(rows()).containsOnly(60);
        assertThat(undoNames()).isEmpty();

        assertThatExceptionOfType(TransactionRolledBackException.class)
                .isThrownBy(() -> outer.executeWithoutResult(status -> {
                    scores.plain(0, 4, 3);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> scores.plainAnd(4, 8, 1, () -> {
                                throw new IllegalStateException("broken");
                            }));
                }));
        assertThat(rows()).containsOnly(60);
        assertThat(parts.changes).hasValue(0);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void aChangeAfterAnUndoInOneDatabaseTransactionIsAStepOfItsOwn() {
        scores.transpose(0, 4, 3, () -> {});
        outer.executeWithoutResult(status -> {
            assertThat(transactions.undo(SCORE)).isPresent();
            scores.plain(4, 8, 1);
        });
        assertThat(rows()).containsExactly(60, 60, 60, 60, 61, 61, 61, 61);
        assertThat(undoNames()).containsExactly("Transpose by 1");
        assertThat(transactions.redoable(SCORE))
                .as("something was committed since")
                .isEmpty();
    }

    @Test
    void whatIsRolledBackInCodeIsGivenBackWhenTheDatabaseIsDone() {
        outer.executeWithoutResult(status -> {
            try (OpenTransaction open = transactions.begin(TransactionRequest.of("Change", SCORE, 0, 4))) {
                scores.change(0, 4, 1);
                open.rollback();
            }
            assertThat(rows()).containsOnly(60);
            assertThat(locks.list(SCORE)).as("until the database is done").hasSize(1);
        });
        assertThat(parts.changes).hasValue(0);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void aRollbackInCodeLetsTheRestBeCommitted() {
        outer.executeWithoutResult(status -> {
            try (OpenTransaction open = transactions.begin(TransactionRequest.of("Change", SCORE, 0, 4))) {
                scores.change(0, 4, 1);
                open.rollback();
            }
            scores.look();
            scores.plain(4, 8, 2);
        });
        assertThat(rows()).containsExactly(60, 60, 60, 60, 62, 62, 62, 62);
        assertThat(undoNames()).containsExactly("Transpose by 2");
    }

    @Test
    void afterACommitInCodeTheThreadIsNotInItAnyMore() {
        outer.executeWithoutResult(status -> {
            try (OpenTransaction open = transactions.begin(TransactionRequest.of("Change", SCORE, 0, 4))) {
                scores.change(0, 4, 1);
                open.commit();
            }
            assertThat(transactions.current()).isEmpty();
            assertThat(transactions.<Integer, RuntimeException>read(() -> rows().get(0)))
                    .isEqualTo(61);
            scores.plain(4, 8, 2);
        });
        assertThat(undoNames()).as("one change").containsExactly("Change");
    }

    /** The database transaction of a part is over before the whole is. */
    @Test
    void aPartWhoseDatabaseRolledBackIsNotRecorded() {
        assertThatExceptionOfType(TransactionRolledBackException.class)
                .isThrownBy(() -> transactions.run(
                        TransactionRequest.of("Whole", SCORE, 4, 8),
                        () -> outer.executeWithoutResult(status -> {
                            scores.plain(0, 4, 3);
                            status.setRollbackOnly();
                        })));
        assertThat(rows()).containsOnly(60);
        assertThat(parts.changes).hasValue(0);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void aFailureCanBeWrittenDownBeforeTheEnd() {
        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
        assertThatExceptionOfType(TransactionRolledBackException.class)
                .isThrownBy(() -> transactions.run(TransactionRequest.of("Whole", SCORE, 4, 8), () -> {
                    assertThatIllegalStateException()
                            .isThrownBy(() -> scores.plainAnd(0, 4, 3, () -> {
                                throw new IllegalStateException("broken");
                            }));
                    outer.executeWithoutResult(status -> jdbc.update("insert into note values (9, 9)"));
                }));
        assertThat(rows()).hasSize(9).contains(9);
        assertThat(undoNames()).isEmpty();
    }

    @Test
    void stagesInOneDatabaseTransactionAreOneChange() {
        outer.executeWithoutResult(status -> {
            scores.later(0, 4, 1).toCompletableFuture().join();
            scores.later(2, 6, 1).toCompletableFuture().join();
            assertThat(transactions.open()).hasSize(1);
        });
        assertThat(rows()).containsExactly(61, 61, 62, 62, 61, 61, 60, 60);
        assertThat(transactions.undo(SCORE)).isPresent();
        assertThat(rows()).containsOnly(60);
    }

    @Test
    void anUndoThatIsRolledBackHasNotHappened() {
        scores.transpose(0, 4, 3, () -> {});
        outer.executeWithoutResult(status -> {
            assertThat(transactions.undo(SCORE)).isPresent();
            assertThat(rows()).containsOnly(60);
            status.setRollbackOnly();
        });
        assertThat(rows()).startsWith(63, 63, 63, 63, 60);
        assertThat(parts.changes).hasValue(1);
        assertThat(undoNames()).containsExactly("Transpose by 3");
        outer.executeWithoutResult(
                status -> assertThat(transactions.undo(SCORE)).isPresent());
        assertThat(rows()).containsOnly(60);
        assertThat(undoNames()).isEmpty();
        assertThat(transactions.redoable(SCORE)).hasSize(1);
    }

    @Test
    void inCodeToo() {
        TransactionRequest request = TransactionRequest.of("Change", SCORE, 0, 4);
        outer.executeWithoutResult(status -> {
            transactions.run(request, () -> scores.change(0, 4, 1));
            assertThat(undoNames()).isEmpty();
        });
        assertThat(undoNames()).containsExactly("Change");
        outer.executeWithoutResult(status -> {
            try (OpenTransaction open = transactions.begin(request)) {
                scores.change(0, 4, 1);
                open.commit();
            }
            assertThat(undoNames()).hasSize(1);
            status.setRollbackOnly();
        });
        assertThat(undoNames()).hasSize(1);
        assertThat(rows()).startsWith(61, 61, 61, 61, 60);
        assertThat(parts.changes).hasValue(1);
    }

    /** What is changed. */
    static class Scores {

        private final JdbcTemplate jdbc;
        private final Parts parts;

        Scores(JdbcTemplate jdbc, Parts parts) {
            this.jdbc = jdbc;
            this.parts = parts;
        }

        @LockTransaction(name = "Transpose by {by}", path = "score:1", from = "{from}", to = "{to}")
        @Transactional
        public void transpose(long from, long to, int by, Runnable then) {
            change(from, to, by);
            then.run();
        }

        @LockTransaction(name = "Transpose by {by}", path = "score:1", from = "{from}", to = "{to}")
        public void plain(long from, long to, int by) {
            change(from, to, by);
        }

        @LockTransaction(name = "Transpose by {by}", path = "score:1", from = "{from}", to = "{to}")
        public void plainAnd(long from, long to, int by, Runnable then) {
            change(from, to, by);
            then.run();
        }

        @LockTransaction(name = "Transpose by {by}", path = "score:1", from = "{from}", to = "{to}")
        public CompletionStage<Void> later(long from, long to, int by) {
            change(from, to, by);
            return CompletableFuture.completedFuture(null);
        }

        @Guarded(path = "score:1")
        public void look() {}

        public void change(long from, long to, int by) {
            jdbc.update("update note set pitch = pitch + ? where position >= ? and position < ?", by, from, to);
            parts.changes.incrementAndGet();
        }
    }

    /** Rows, and a number that no database knows of. */
    static class Parts implements UndoParticipant<Parts.State> {

        final AtomicInteger changes = new AtomicInteger();
        private final JdbcTemplate jdbc;

        record State(List<Integer> pitches, int changes) {}

        Parts(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Override
        public State capture(LockPath path, @Nullable Extent extent) {
            assertThat(extent).isNotNull();
            return new State(
                    jdbc.queryForList(
                            "select pitch from note where position >= ? and position < ? order by position",
                            Integer.class,
                            extent.from(),
                            extent.to()),
                    changes.get());
        }

        @Override
        public void restore(LockPath path, @Nullable Extent extent, State state) {
            assertThat(extent).isNotNull();
            for (int i = 0; i < state.pitches().size(); i++) {
                jdbc.update(
                        "update note set pitch = ? where position = ?",
                        state.pitches().get(i),
                        extent.from() + i);
            }
            changes.set(state.changes());
        }
    }

    @Configuration
    @Import(OnDatabase.class)
    static class App {

        @Bean
        Parts parts(JdbcTemplate jdbc) {
            return new Parts(jdbc);
        }

        @Bean
        UndoParticipantRegistration participant(Parts parts) {
            return new UndoParticipantRegistration("score:{score}", parts);
        }

        @Bean
        Scores scores(JdbcTemplate jdbc, Parts parts) {
            return new Scores(jdbc, parts);
        }
    }
}
