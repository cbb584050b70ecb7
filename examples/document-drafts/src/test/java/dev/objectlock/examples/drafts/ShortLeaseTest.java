package dev.objectlock.examples.drafts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** A laptop that is closed, with a lease that a test can wait for. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"drafts.lease=1s", "spring.datasource.url=jdbc:h2:mem:short-lease;DB_CLOSE_DELAY=-1"})
class ShortLeaseTest {

    @Value("${local.server.port}")
    private int port;

    @Test
    void aClosedLaptopFreesTheDraftAfterTheLease() throws Exception {
        Browser alice = new Browser(port, "alice");
        Browser bob = new Browser(port, "bob");
        Browser.Channel news = bob.follow("/3/holder/changes");
        alice.ask("POST", "/3/lock");
        news.await(told -> told.contains("alice"));

        // Her page is gone: nothing renews.
        news.await(told -> told.contains("\"user\":null"));

        assertThat(bob.ask("POST", "/3/lock").statusCode()).isEqualTo(200);
        assertThat(bob.ask("PUT", "/3", "by bob").statusCode()).isEqualTo(200);
        assertThat(alice.ask("POST", "/3/lock/renewal").statusCode())
                .as("her page, when it wakes up")
                .isIn(409, 423);
        assertThat(alice.ask("PUT", "/3", "too late").statusCode()).isIn(409, 423);
        assertThat(bob.ask("GET", "/3").body()).contains("by bob");
    }
}
