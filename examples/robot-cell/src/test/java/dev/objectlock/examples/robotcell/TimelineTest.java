package dev.objectlock.examples.robotcell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.robotcell.play.Player;
import dev.objectlock.examples.robotcell.play.Script;
import dev.objectlock.examples.robotcell.play.Timeline;
import dev.objectlock.examples.robotcell.server.Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class TimelineTest {

    /** With times masked. After a change of the session, look at what the failing test prints and put it there. */
    private static final String GOLDEN = "timeline.txt";

    @Test
    void theSessionComesOutAsWrittenAndLeavesNothingLocked() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Timeline timeline = new Timeline(new PrintStream(printed, true, UTF_8));
        try (Server server = Server.start(0);
                Player player = new Player(server.port(), timeline)) {
            player.play(Script.ofResource("session.txt"));
            assertThat(server.locks().roots()).isEmpty();
        }
        assertThat(Masks.times(printed.toString(UTF_8)).lines()).containsExactlyElementsOf(golden());
    }

    private static Iterable<String> golden() throws IOException {
        try (InputStream in = TimelineTest.class.getResourceAsStream(GOLDEN)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
