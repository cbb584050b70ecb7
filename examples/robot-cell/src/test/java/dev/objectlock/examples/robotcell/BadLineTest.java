package dev.objectlock.examples.robotcell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.robotcell.play.Operator;
import dev.objectlock.examples.robotcell.server.Reply;
import dev.objectlock.examples.robotcell.server.Server;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadLineTest {

    private Server server;
    private Operator alice;

    @BeforeEach
    void start() throws Exception {
        server = Server.start(0);
        alice = new Operator(server.port());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        alice.ask("quit");
        assertThat(server.locks().roots()).isEmpty();
        alice.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    dance                | there is no verb 'dance'; try help
                    locks robot USER     | there is no verb 'locks'; try help
                    abcdefghijklmnopqrstuvwxyz | there is no verb 'abcdefghijklmnopqrst...'; try help
                    login bob            | you are logged in already, as alice
                    login                | write: login NAME
                    lock robot           | write: lock OBJECT MODE [SECONDS]
                    lock door USER       | 'door' is none of: cell, robot, arm, gripper, camera
                    lock arm MONITOR     | 'MONITOR' is none of: USER, CLIENT
                    lock arm USER soon   | SECONDS must be a whole number from 1 to 600, not 'soon'
                    unlock robot now     | write: unlock OBJECT
                    unlock door          | 'door' is none of: cell, robot, arm, gripper, camera
                    override robot       | write: override OBJECT REASON...
                    who door             | 'door' is none of: cell, robot, arm, gripper, camera
                    move 1 2             | write: move X Y Z
                    move 1 2 3 4         | write: move X Y Z
                    move 1 2 up          | Z must be a whole number from 0 to 1000, not 'up'
                    move 1 5000 3        | Y must be a whole number from -1000 to 1000, not '5000'
                    move 1 2 99999999999 | Z must be a whole number from 0 to 1000, not '99999999999'
                    grip -1              | WIDTH must be a whole number from 0 to 100, not '-1'
                    speed 0              | PERCENT must be a whole number from 1 to 100, not '0'
                    teach maybe          | 'maybe' is none of: on, off
                    """)
    void aBadLineGetsAClearErrorAndChangesNothing(String line, String error) throws Exception {
        alice.ask("login alice");
        alice.ask("lock robot USER");
        String before = state();

        Reply reply = alice.ask(line).reply();

        assertThat(reply.status()).isEqualTo(Reply.Status.ERROR);
        assertThat(reply.text()).isEqualTo(error);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void whoeverHasNotLoggedInMayStopButNotMove() throws Exception {
        assertThat(alice.ask("move 1 2 3").reply().text()).isEqualTo("log in first: login NAME");
        for (String stop : List.of("stop", "STOP", "stop it now")) {
            assertThat(alice.ask(stop).reply().status()).isEqualTo(Reply.Status.OK);
        }
    }

    @Test
    void aNameThatIsNoNameIsRefused() throws Exception {
        Reply reply = alice.ask("login application:server").reply();

        assertThat(reply.status()).isEqualTo(Reply.Status.ERROR);
        assertThat(alice.ask("pose").reply().text()).isEqualTo("log in first: login NAME");
    }

    private String state() throws Exception {
        return Masks.times(alice.ask("who").reply().text()) + "; "
                + alice.ask("pose").reply().text();
    }
}
