package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.testkit.FaultyBackend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The example of docs/redis.md: who is paused in the middle of a call and wakes too late changes nothing. */
class FencedUpdateTest {

    private static final String PREFIX = "fenced-" + Secrets.next();

    /** Of the one who is paused; and of the one whom a busy machine must not make late. */
    private static final Duration SHORT = Duration.ofMillis(450);

    private static final Duration LONG = Duration.ofSeconds(3);
    private static final LockOwner BOB = LockOwner.user("bob");
    private static final int PATIENCE_SECONDS = 30;

    private final RedisLockBackend pausedSoon = backend(SHORT);
    private final RedisLockBackend backend = backend(LONG);
    private final FaultyBackend pausing = new FaultyBackend(pausedSoon);
    private final ObjectLocks alices = ObjectLocks.builder().backend(pausing).build();
    private final ObjectLocks bobs = ObjectLocks.builder().backend(backend).build();
    private final JdbcDataSource database = new JdbcDataSource();
    private final CountDownLatch editing = new CountDownLatch(1);
    private final CountDownLatch awake = new CountDownLatch(1);

    private static RedisLockBackend backend(Duration processTimeout) {
        return RedisLockBackend.builder(TestRedis.client())
                .prefix(PREFIX)
                .processTimeout(processTimeout)
                .build();
    }

    @BeforeEach
    void createTable() throws SQLException {
        database.setURL("jdbc:h2:mem:" + Secrets.next() + ";DB_CLOSE_DELAY=-1");
        run(RedisPage.blocks("sql").get(0));
        run("INSERT INTO document (id, text) VALUES (7, 'empty')");
    }

    @AfterEach
    void close() throws SQLException {
        alices.close();
        bobs.close();
        pausedSoon.close();
        backend.close();
        run("SHUTDOWN");
    }

    @Test
    void whoWakesTooLateChangesNothing() throws Exception {
        Documents documents = new Documents(database);
        CompletableFuture<Void> alice =
                inTheBackground(() -> alices.runAs(LockOwner.user("alice"), () -> documents.edit(7, this::asleep)));
        bobGetsIn(() -> bobs.runAs(BOB, () -> documents.edit(7, () -> "bob's")));
        long fence = fenceOf("bob's");
        wake();
        assertThatThrownBy(() -> alice.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ConcurrentModificationException.class)
                .hasMessageContainingAll("document 7", "is too old");
        assertThat(fenceOf("bob's")).isEqualTo(fence);
    }

    /** What would happen if the lock were all there is: alice hears of it, and it is too late. */
    @Test
    void withoutTheFenceTheLateOneOverwrites() throws Exception {
        LockRequest document = LockRequest.monitor(LockPath.of("document:7"));
        CompletableFuture<Void> alice = inTheBackground(() -> alices.run(document, () -> overwrite(asleep())));
        bobGetsIn(() -> bobs.run(document, () -> overwrite("bob's")));
        wake();
        assertThatThrownBy(() -> alice.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        LockLostException.class,
                        lost -> assertThat(lost.loss().reason()).isEqualTo(Loss.Reason.PROCESS_DEAD));
        fenceOf("alice's");
    }

    @Test
    void oneHoldWritesSeveralTimesAndTheNextOneAfterIt() throws SQLException {
        Documents documents = new Documents(database);
        bobs.runAs(BOB, () -> {
            bobs.run(LockRequest.monitor(LockPath.of("document:7")), () -> {
                documents.edit(7, () -> "first");
                long fence = fenceOf("first");
                documents.edit(7, () -> "second");
                assertThat(fenceOf("second")).isEqualTo(fence);
            });
            documents.edit(7, () -> "third");
            assertThatThrownBy(() -> documents.edit(8, () -> "nowhere")).hasMessageContaining("document 8 is gone");
        });
        fenceOf("third");
    }

    /** She is paused while she edits: her process gives no sign of life, and hears nothing. */
    private String asleep() {
        editing.countDown();
        try {
            assertThat(awake.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
        return "alice's";
    }

    private void bobGetsIn(Edit edit) throws Exception {
        assertThat(editing.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        pausing.pause();
        edit.run();
    }

    /** The first that her process does is to go on where it was. */
    private void wake() {
        awake.countDown();
        pausing.resume();
    }

    private interface Edit {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inTheBackground(Edit edit) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        edit.run();
                        done.complete(null);
                    } catch (Throwable failed) {
                        done.completeExceptionally(failed);
                    }
                })
                .start();
        return done;
    }

    private void overwrite(String text) throws SQLException {
        run("UPDATE document SET text = '" + text.replace("'", "''") + "' WHERE id = 7");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The fence of the row, which has this text. */
    private long fenceOf(String text) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT text, fence FROM document WHERE id = 7")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo(text);
            return row.getLong(2);
        }
    }
}

// spotless:off
class Documents {
    private final DataSource database;

    Documents(DataSource database) {
        this.database = database;
    }

    @ObjectLock(path = "document:{id}", mode = LockMode.MONITOR)
    void edit(long id, Supplier<String> editor) throws SQLException {
        String text = editor.get(); // takes its time: who knows what happens to the lock meanwhile
        write(id, text, Hold.current().fence());
    }

    private void write(long id, String text, long fence) throws SQLException {
        String sql = "UPDATE document SET text = ?, fence = ? WHERE id = ? AND fence <= ?";
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, text);
            update.setLong(2, fence);
            update.setLong(3, id);
            update.setLong(4, fence);
            if (update.executeUpdate() == 0) {
                throw new ConcurrentModificationException("document " + id + " is gone, or has been written by somebody"
                        + " who got the lock later (fence " + fence + " is too old); read it again");
            }
        }
    }
}
// spotless:on
