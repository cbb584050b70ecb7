package dev.objectlock.examples.robotcell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.robotcell.play.Operator;
import dev.objectlock.examples.robotcell.server.Reply.Status;
import dev.objectlock.examples.robotcell.server.Server;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmergencyStopTest {

    @Test
    void aStopDoesNotQueueBehindTheMotionThatItStops() throws Exception {
        try (Server server = Server.start(0);
                Operator alice = new Operator(server.port())) {
            alice.ask("login alice");
            alice.ask("speed 1");
            alice.begin("move 1000 1000 0");

            Status first = alice.ask("stop").reply().status();
            Status second = alice.answer().reply().status();

            assertThat(List.of(first, second)).containsExactlyInAnyOrder(Status.OK, Status.STOPPED);
            alice.ask("quit");
            assertThat(server.locks().roots()).isEmpty();
        }
    }
}
