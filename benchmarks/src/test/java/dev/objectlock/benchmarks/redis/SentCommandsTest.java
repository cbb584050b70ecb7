package dev.objectlock.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What counts as a command, in the two ways in which they are counted. */
class SentCommandsTest {

    @Test
    void whatAScriptCallsIsNotSent() {
        assertThat(SentCommands.isSent("+1700000000.123456 [0 127.0.0.1:5555] \"EVALSHA\" \"9c2f\" \"1\" \"a\""))
                .isTrue();
        assertThat(SentCommands.isSent("+1700000000.123456 [0 lua] \"set\" \"a\" \"lua\""))
                .isFalse();
    }

    @Test
    void whatOnlyKeepsAConnectionIsNotOfALock() {
        assertThat(SentCommands.isSent("+1700000000.123456 [0 127.0.0.1:5555] \"PING\""))
                .isFalse();
        assertThat(SentCommands.isSent("+1700000000.123456 [0 [::1]:5555] \"info\" \"commandstats\""))
                .isFalse();
    }

    @Test
    void whatAScriptCallsIsCarriedOut() throws Exception {
        try (Server server = Server.open();
                Peer peer = Candidate.SCRIPTS.open(server.uri())) {
            Mutex mutex = peer.mutex(0);
            long before = server.executed();

            mutex.acquire();
            mutex.release();

            assertThat(server.executed() - before)
                    .as("EVALSHA, SET, EVALSHA, GET, DEL")
                    .isEqualTo(5);
        }
    }
}
