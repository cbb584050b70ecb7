package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.objectlock.Hold;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Locks and database transactions, on a real H2. */
class DatabaseTest {

    private static final LockPath ACCOUNT = LockPath.of("account:1");
    private static final LockOwner ALICE = LockOwner.user("alice");

    private AnnotationConfigApplicationContext context;
    private ObjectLocks locks;
    private Accounts accounts;
    private TransactionTemplate outer;

    @BeforeEach
    void start(TestInfo test) {
        context = new AnnotationConfigApplicationContext(OnDatabase.class, Accounts.class);
        locks = context.getBean(ObjectLocks.class);
        accounts = context.getBean(Accounts.class);
        outer = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        outer.setName("the outer transaction of " + test.getDisplayName());
        context.getBean(JdbcTemplate.class).execute("create table account (id int primary key, balance int)");
        context.getBean(JdbcTemplate.class).execute("insert into account values (1, 0)");
    }

    @AfterEach
    void stop() {
        assertThat(locks.roots()).as("nothing is held afterwards").isEmpty();
        context.close();
    }

    @Test
    void whatIsWrittenWithALockThatWasLostIsRolledBack() {
        assertThatExceptionOfType(LockLostException.class)
                .isThrownBy(() -> locks.runAs(ALICE, () -> accounts.deposit(10, this::takeAway)))
                .satisfies(lost -> assertThat(lost.loss().reason()).isEqualTo(Loss.Reason.OVERRIDDEN));
        assertThat(balance()).isZero();
    }

    @Test
    void aTransactionInsideALockInCodeIsCheckedToo() {
        assertThatExceptionOfType(LockLostException.class)
                .isThrownBy(() -> locks.runAs(
                        ALICE,
                        () -> locks.run(LockRequest.user(ACCOUNT), () -> accounts.unlocked(10, this::takeAway))));
        assertThat(balance()).isZero();
    }

    @Test
    void whatIsWrittenWithTheLockIsCommitted() {
        locks.runAs(ALICE, () -> accounts.deposit(10, () -> {}));
        assertThat(balance()).isEqualTo(10);
    }

    /** A lock that is given back before the commit lets the next caller read what was there before. */
    @Test
    void nobodyReadsOldRows() throws Exception {
        int rounds = 200;
        int threads = 3;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = IntStream.range(0, threads)
                    .<Future<?>>mapToObj(thread -> pool.submit(() -> {
                        for (int i = 0; i < rounds; i++) {
                            accounts.increment();
                        }
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(balance()).isEqualTo(threads * rounds);
    }

    @Test
    void aLockThatIsTakenInsideATransactionLastsUntilThatIsOverAndOneWarningNamesBoth() {
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < 2; i++) {
                locks.runAs(
                        ALICE,
                        () -> outer.executeWithoutResult(status -> {
                            accounts.deposit(10, () -> {});
                            assertThat(isHeld())
                                    .as("after the call, before the commit")
                                    .isTrue();
                            accounts.deposit(10, () -> {});
                        }));
                assertThat(isHeld()).as("after the commit").isFalse();
            }
        } finally {
            System.setErr(err);
        }
        assertThat(balance()).isEqualTo(40);
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("WARN")))
                .singleElement()
                .asString()
                .contains("Accounts.deposit(int, Runnable)")
                .contains("the outer transaction");
    }

    @Test
    void aLockThatWasLostBeforeTheOuterCommitRollsItBack() {
        assertThatExceptionOfType(LockLostException.class)
                .isThrownBy(() -> locks.runAs(
                        ALICE,
                        () -> outer.executeWithoutResult(status -> {
                            accounts.deposit(10, () -> {});
                            takeAway();
                        })));
        assertThat(balance()).isZero();
    }

    @Test
    void whatACallInsideATransactionKeptIsGivenBackIfThatIsRolledBack() {
        locks.runAs(ALICE, () -> {
            outer.executeWithoutResult(status -> {
                accounts.open();
                status.setRollbackOnly();
            });
            assertThat(isHeld()).as("after the rollback").isFalse();
            outer.executeWithoutResult(status -> accounts.open());
            assertThat(isHeld()).as("after the commit").isTrue();

            outer.executeWithoutResult(status -> {
                accounts.close();
                assertThat(isHeld()).as("before the commit").isTrue();
                status.setRollbackOnly();
            });
            assertThat(isHeld()).as("what was not closed").isTrue();
            outer.executeWithoutResult(status -> accounts.close());
            assertThat(isHeld()).as("what was closed").isFalse();
        });
    }

    @Test
    void aCallThatFailsInsideATransactionKeepsItsLockToTheEndToo() {
        locks.runAs(
                ALICE,
                () -> outer.executeWithoutResult(status -> {
                    assertThatExceptionOfType(IllegalStateException.class)
                            .isThrownBy(() -> accounts.deposit(10, () -> {
                                throw new IllegalStateException("failed");
                            }));
                    assertThat(isHeld()).isTrue();
                    status.setRollbackOnly();
                }));
        assertThat(balance()).isZero();
    }

    /** Nobody was entered: who asks is known from the login of the thread. */
    @Test
    void theSameOnAThreadThatIsOnlyLoggedIn() {
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("alice", "", "objectlock"));
        try {
            assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> accounts.deposit(10, this::takeAway));
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> outer.executeWithoutResult(status -> {
                        accounts.deposit(10, () -> {});
                        takeAway();
                    }));
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(
                            () -> locks.run(LockRequest.user(ACCOUNT), () -> accounts.unlocked(10, this::takeAway)));
        } finally {
            SecurityContextHolder.clearContext();
        }
        assertThat(balance()).isZero();
    }

    /** What a thread holds for one user is not forgotten while it works for another. */
    @Test
    void theSameWhereTheLoginOfTheThreadChangesMeanwhile() {
        try {
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> outer.executeWithoutResult(status -> {
                        login("alice");
                        accounts.deposit(10, () -> {});
                        login("bob");
                        accounts.elsewhere();
                        takeAway();
                    }));
            outer.executeWithoutResult(status -> {
                login("alice");
                accounts.increment();
                login("bob");
                accounts.elsewhere();
                login("alice");
                accounts.increment();
            });
        } finally {
            SecurityContextHolder.clearContext();
        }
        assertThat(balance()).isEqualTo(2);
    }

    private static void login(String user) {
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken(user, "", "objectlock"));
    }

    /** The lock of the one who works is looked at, also where somebody else commits. */
    @Test
    void aLockOfWhoIsFurtherOutCountsToo() {
        assertThatExceptionOfType(LockLostException.class)
                .isThrownBy(() -> locks.runAs(
                        ALICE,
                        () -> locks.run(
                                LockRequest.user(ACCOUNT),
                                () -> locks.runAs(
                                        LockOwner.application("clerk"), () -> accounts.unlocked(10, this::takeAway)))));
        assertThat(balance()).isZero();
    }

    @Test
    void whatJoinsALockThatEndsBeforeTheCommitLastsLonger() {
        locks.runAs(
                ALICE,
                () -> outer.executeWithoutResult(status -> {
                    try (Hold hold = locks.acquire(LockRequest.user(ACCOUNT))) {
                        accounts.deposit(10, () -> assertThat(hold.isHeld()).isTrue());
                    }
                    assertThat(isHeld()).as("before the commit").isTrue();
                }));
        assertThat(balance()).isEqualTo(10);
    }

    private boolean isHeld() {
        return !locks.status(ACCOUNT).isFree();
    }

    private int balance() {
        Integer balance = context.getBean(JdbcTemplate.class)
                .queryForObject("select balance from account where id = 1", Integer.class);
        return balance == null ? -1 : balance;
    }

    /** As an operator would, while the call runs. */
    private void takeAway() {
        locks.runAs(OnDatabase.ADMIN, () -> locks.status(ACCOUNT).holds().forEach(hold -> assertThat(
                        locks.forceRelease(ACCOUNT, hold.id(), "needed elsewhere"))
                .isTrue()));
    }

    static class Accounts {

        private final JdbcTemplate database;

        Accounts(JdbcTemplate database) {
            this.database = database;
        }

        @Transactional
        @ObjectLock(path = "account:1", mode = LockMode.USER)
        void deposit(int amount, Runnable afterwards) {
            add(amount);
            afterwards.run();
        }

        @Transactional
        void unlocked(int amount, Runnable afterwards) {
            add(amount);
            afterwards.run();
        }

        @Transactional
        @ObjectLock(path = "account:1", mode = LockMode.MONITOR)
        void increment() {
            Integer before = database.queryForObject("select balance from account where id = 1", Integer.class);
            database.update("update account set balance = ? where id = 1", before + 1);
        }

        @ObjectLock(path = "account:2", mode = LockMode.USER)
        void elsewhere() {}

        @ObjectLock(path = "account:1", mode = LockMode.USER, keep = true)
        void open() {}

        @ReleaseLock(path = "account:1")
        void close() {}

        private void add(int amount) {
            database.update("update account set balance = balance + ? where id = 1", amount);
        }
    }
}
