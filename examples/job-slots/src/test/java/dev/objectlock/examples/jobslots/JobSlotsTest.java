package dev.objectlock.examples.jobslots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.jobslots.jobs.RenderFarm;
import dev.objectlock.examples.jobslots.play.Play;
import dev.objectlock.examples.jobslots.play.Redis;
import dev.objectlock.examples.jobslots.play.Settings;
import dev.objectlock.examples.jobslots.play.Timeline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole example, in short: with processes, a server and time as they are. */
@Timeout(180)
@Tag("own-server")
class JobSlotsTest {

    @Test
    void slotsAndTasksOfTheKilledAndThePausedPassToOthersAndNoRuleIsBroken() throws Exception {
        Settings settings = new Settings(
                Settings.ownPrefix(),
                "2026-01-05",
                List.of("A", "B", "C"),
                10,
                200,
                Duration.ofMillis(500),
                Duration.ofSeconds(2));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (Redis redis = Redis.open();
                Play play = new Play(settings, redis, new Timeline(new PrintStream(printed, true, UTF_8)))) {

            assertThat(play.play()).isEmpty();

            assertThat(play.ledger().most()).isEqualTo(RenderFarm.SLOTS);
            assertThat(play.ledger().begun()).isGreaterThan(settings.tasks());
        }
        assertThat(printed.toString(UTF_8))
                .contains("kill -9")
                .containsPattern("the \\d+ slots of B are free again")
                .containsPattern("invoice-\\d+ passes from B to [AC], its fence from \\d+ to \\d+")
                .contains("kill -STOP")
                .containsPattern("the \\d+ slots of C are free again")
                .containsPattern("invoice-\\d+ passes from C to A")
                .containsPattern("C's invoice-\\d+ is (refused|given up)")
                .contains("200 of 200 invoices done")
                .contains("No rule was broken");
    }
}
