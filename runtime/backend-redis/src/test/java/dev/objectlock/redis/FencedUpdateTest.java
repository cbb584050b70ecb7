package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.testkit.FaultyBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The example of docs/redis.md: what a holder who slept through his time-out writes changes nothing. */
class FencedUpdateTest {

    private static final String PAGE = read("docs/redis.md");
    private static final List<String> SQL = blocks("sql");
    private static final String UPDATE = SQL.get(1);

    private final RedisStore store = RedisStore.settled(RedisStore.Where.SERVER);
    private Connection connection;

    /** Somebody who writes was not the last who was let in. */
    static final class StaleWriterException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StaleWriterException(String message) {
            super(message);
        }
    }

    /** What stands on the page. */
    static class Drafts {

        private final Connection database;
        private final Runnable before;

        Drafts(Connection database, Runnable before) {
            this.database = database;
            this.before = before;
        }

        @ObjectLock(path = "draft:{id}", mode = LockMode.MONITOR)
        public void write(String id, String body) throws SQLException {
            long fence = Hold.current().fence();
            before.run();
            try (PreparedStatement update = database.prepareStatement(UPDATE)) {
                update.setString(1, body);
                update.setLong(2, fence);
                update.setString(3, id);
                update.setLong(4, fence);
                if (update.executeUpdate() == 0) {
                    throw new StaleWriterException("somebody with a newer lock than " + fence + " has written " + id);
                }
            }
        }
    }

    @BeforeEach
    void makeTable() throws SQLException {
        connection = DriverManager.getConnection("jdbc:h2:mem:fenced");
        try (Statement statement = connection.createStatement()) {
            statement.execute(SQL.get(0));
            statement.execute("INSERT INTO draft VALUES ('d1', 'first', 0)");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        store.close();
    }

    @Test
    void whoWakesAfterHisTimeoutWritesNothingAndIsTold() throws SQLException {
        FaultyBackend cable = new FaultyBackend(store.backend());
        try (ObjectLocks sleeping = ObjectLocks.builder().backend(cable).build();
                ObjectLocks awake =
                        ObjectLocks.builder().backend(store.backend()).build()) {
            Drafts nextOnes = new Drafts(connection, () -> {});
            Drafts sleepers = new Drafts(connection, () -> {
                cable.pause();
                store.pass(Duration.ofSeconds(31));
                awake.runAs(LockOwner.user("next"), () -> write(nextOnes, "second"));
                cable.resume();
            });
            assertThatThrownBy(() -> sleeping.runAs(LockOwner.user("sleeper"), () -> write(sleepers, "late")))
                    .isInstanceOfAny(StaleWriterException.class, LockLostException.class)
                    .satisfies(failure -> assertThat(failure.toString() + List.of(failure.getSuppressed()))
                            .contains("StaleWriterException"));
            assertThat(body()).isEqualTo("second");
        }
    }

    @Test
    void whatStandsOnThePageIsWhatIsTested() {
        String own = normal(read("runtime/backend-redis/src/test/java/dev/objectlock/redis/FencedUpdateTest.java")
                .replace("            before.run();\n", ""));
        assertThat(own).contains(normal(blocks("java").get(1)));
    }

    private static void write(Drafts drafts, String body) {
        try {
            drafts.write("d1", body);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private String body() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT body FROM draft WHERE id = 'd1'")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static String normal(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }

    private static List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .map(found -> found.group(1).strip())
                .toList();
    }

    /** From the root of the repository, which is two folders up. */
    private static String read(String file) {
        try {
            return Files.readString(Path.of("../..").resolve(file));
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
