package dev.objectlock.examples.jobslots.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.jobslots.jobs.TaskBook.Done;
import dev.objectlock.examples.jobslots.play.Redis;
import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskBookTest {

    /** As large as fences are that a clock seeds: more than Redis can tell apart as numbers. */
    private static final long EARLY = (1L << 62) + 1;

    private static final long LATE = EARLY + 1;

    private static Redis redis;
    private static RedisClient client;

    private TaskBook book;

    @BeforeAll
    static void openRedis() {
        redis = Redis.open();
        client = RedisClient.create(redis.uri());
    }

    @BeforeEach
    void openBook() {
        book = new TaskBook(
                client.connect().sync(), "job-slots-test", UUID.randomUUID().toString());
    }

    @Test
    void whatIsDoneIsNotBegunAgain() {
        assertThat(book.begin("t", EARLY)).isTrue();
        assertThat(book.finish("t", EARLY, "A")).isTrue();

        assertThat(book.begin("t", LATE)).isFalse();
        assertThat(book.done()).containsOnly(Map.entry("t", new Done(EARLY, "A")));
        assertThat(book.open(List.of("s", "t", "u"))).containsExactly("s", "u");
    }

    @Test
    void whoeverWasPausedCannotWriteAfterANewerOneHasBegun() {
        book.begin("t", EARLY);
        book.begin("t", LATE);

        assertThat(book.finish("t", EARLY, "A")).isFalse();
        assertThat(book.done()).isEmpty();
        assertThat(book.finish("t", LATE, "B")).isTrue();
    }

    @Test
    void whoeverWasPausedCannotWriteOverANewerResult() {
        book.begin("t", EARLY);
        book.begin("t", LATE);
        book.finish("t", LATE, "B");

        assertThat(book.finish("t", EARLY, "A")).isFalse();
        assertThat(book.done()).containsEntry("t", new Done(LATE, "B"));
    }

    @Test
    void whoeverWasPausedBeforeItBeganDoesNotBegin() {
        book.begin("t", LATE);

        assertThat(book.begin("t", EARLY)).isFalse();
        assertThat(book.finish("t", LATE, "B")).isTrue();
    }

    @Test
    void aCommandThatIsSentTwiceIsAnsweredTheSame() {
        assertThat(book.begin("t", EARLY)).isTrue();
        assertThat(book.begin("t", EARLY)).isTrue();
        assertThat(book.finish("t", EARLY, "A")).isTrue();
        assertThat(book.finish("t", EARLY, "A")).isTrue();
        assertThat(book.finish("t", EARLY, "B")).isFalse();
    }

    @Test
    void nobodyFinishesWhatWasNotBegun() {
        assertThat(book.finish("t", EARLY, "A")).isFalse();
        assertThat(book.done()).isEmpty();
    }

    @AfterAll
    static void close() {
        client.shutdown();
        redis.close();
    }
}
