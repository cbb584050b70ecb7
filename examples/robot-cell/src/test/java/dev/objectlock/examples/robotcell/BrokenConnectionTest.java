package dev.objectlock.examples.robotcell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.robotcell.play.Operator;
import dev.objectlock.examples.robotcell.server.Reply;
import dev.objectlock.examples.robotcell.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokenConnectionTest {

    /** Longer than the death of a connection takes to be noticed, shorter than the patience of an operator. */
    private static final String LOCK_IN_TIME = "lock robot USER 15";

    private Server server;
    private Operator bob;

    @BeforeEach
    void start() throws Exception {
        server = Server.start(0);
        bob = loggedIn("bob");
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        bob.ask("quit");
        assertThat(server.locks().roots()).isEmpty();
        bob.close();
        server.close();
    }

    @Test
    void theLockOfAConnectionThatBreaksIsFree() throws Exception {
        Operator alice = loggedIn("alice");
        alice.ask("lock robot USER");
        assertThat(bob.ask("move 1 2 3").reply().status()).isEqualTo(Reply.Status.REFUSED);

        alice.die();

        assertThat(bob.ask(LOCK_IN_TIME).reply().status()).isEqualTo(Reply.Status.OK);
    }

    @Test
    void theLockThatAnAnnotationKeptIsFreeToo() throws Exception {
        Operator alice = loggedIn("alice");
        alice.ask("teach on");

        alice.die();

        assertThat(bob.ask(LOCK_IN_TIME).reply().status()).isEqualTo(Reply.Status.OK);
    }

    @Test
    void whoeverBreaksOffInTheLineDoesNotGetTheLock() throws Exception {
        bob.ask("lock robot USER");
        Operator alice = loggedIn("alice");
        alice.begin(LOCK_IN_TIME);

        alice.die();
        bob.ask("unlock robot");

        Operator carol = loggedIn("carol");
        assertThat(carol.ask(LOCK_IN_TIME).reply().status()).isEqualTo(Reply.Status.OK);
        carol.ask("quit");
        carol.close();
    }

    private Operator loggedIn(String name) throws Exception {
        Operator operator = new Operator(server.port());
        assertThat(operator.ask("login " + name).reply().status()).isEqualTo(Reply.Status.OK);
        return operator;
    }
}
