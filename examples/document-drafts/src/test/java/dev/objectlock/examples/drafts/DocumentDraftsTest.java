package dev.objectlock.examples.drafts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.objectlock.ObjectLocks;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** The example with its server, its database and several browsers. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.datasource.url=jdbc:h2:mem:test;DB_CLOSE_DELAY=-1")
class DocumentDraftsTest {

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private ObjectLocks locks;

    private Browser alice;
    private Browser bob;

    @BeforeEach
    void logIn() throws Exception {
        alice = new Browser(port, "alice");
        bob = new Browser(port, "bob");
    }

    @AfterEach
    void everybodyIsDone() throws Exception {
        for (Browser browser : List.of(alice, bob)) {
            for (int draft = 1; draft <= 3; draft++) {
                browser.ask("DELETE", "/" + draft + "/lock");
            }
        }
        assertThat(locks.roots()).as("nothing is held").isEmpty();
    }

    @Test
    void onlyWhoHasLoggedInSeesAnything() throws Exception {
        assertThat(java.net.http.HttpClient.newHttpClient()
                        .send(
                                java.net.http.HttpRequest.newBuilder(
                                                java.net.URI.create("http://localhost:" + port + "/drafts"))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(302);
        assertThat(alice.ask("GET", "").body()).contains("Invitation").contains("alice");
    }

    @Test
    void anotherUserSeesWhoHasItAndSinceWhen() throws Exception {
        Browser.Channel news = bob.follow("/1/holder/changes");
        assertThat(alice.ask("POST", "/1/lock").statusCode()).isEqualTo(200);

        assertThat(news.await(told -> told.contains("alice")))
                .contains("\"since\":\"" + Instant.now().toString().substring(0, 4));
        HttpResponse<String> refused = bob.ask("POST", "/1/lock");
        assertThat(refused.statusCode()).isEqualTo(423);
        assertThat(refused.body()).contains("\"holder\":\"alice\"").contains("since");
    }

    @Test
    void anotherUserGetsItTheMomentItIsFree() throws Exception {
        alice.ask("POST", "/1/lock");
        CompletableFuture<HttpResponse<String>> waiting = bob.begin("POST", "/1/lock-when-free", "");
        awaitWaiters(1);
        assertThat(waiting).isNotDone();

        assertThat(alice.ask("DELETE", "/1/lock").statusCode()).isEqualTo(204);

        assertThat(waiting.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(bob.ask("PUT", "/1", "by bob").statusCode()).isEqualTo(200);
        assertThat(alice.ask("PUT", "/1", "by alice").statusCode()).isEqualTo(423);
    }

    private void awaitWaiters(int number) {
        await().until(() -> locks.status(Holders.pathOf(1)).waiters().size() == number);
    }

    @Test
    void onlyWhoHasItSaves() throws Exception {
        HttpResponse<String> without = alice.ask("PUT", "/1", "too early");
        assertThat(without.statusCode()).isEqualTo(409);
        assertThat(without.body()).contains("lock it first");

        alice.ask("POST", "/1/lock");
        assertThat(alice.ask("PUT", "/1", "Dear all").body())
                .contains("Dear all")
                .contains("alice");
        assertThat(bob.ask("PUT", "/1", "No").statusCode()).isEqualTo(423);
        assertThat(bob.ask("GET", "/1").body()).as("what is saved").contains("Dear all");
    }

    @Test
    void aSecondBrowserOfTheSameUserIsAdmittedIfThatWasAsked() throws Exception {
        Browser phone = new Browser(port, "alice");
        alice.ask("POST", "/1/lock");
        assertThat(phone.ask("POST", "/1/lock").statusCode()).isEqualTo(200);
        assertThat(phone.ask("PUT", "/1", "on the phone").statusCode()).isEqualTo(200);
        alice.ask("DELETE", "/1/lock");

        alice.ask("POST", "/1/lock?here=true");
        HttpResponse<String> refused = phone.ask("POST", "/1/lock");
        assertThat(refused.statusCode()).isEqualTo(423);
        assertThat(refused.body()).as("she is told which of her screens").contains("alice on client");
        assertThat(alice.ask("PUT", "/1", "at the desk").statusCode()).isEqualTo(200);
    }

    @Test
    void commentsReachEverybodyWhoeverHasIt() throws Exception {
        alice.ask("POST", "/2/lock?here=true");
        Browser.Channel atAlices = alice.follow("/2/comments/changes");
        Browser.Channel atBobs = bob.follow("/2/comments/changes");

        assertThat(bob.ask("POST", "/2/comments", "nice").statusCode()).isEqualTo(204);

        assertThat(atAlices.await(told -> told.contains("nice"))).contains("bob");
        assertThat(atBobs.await(told -> told.contains("nice"))).contains("bob");
        assertThat(alice.ask("GET", "/2/comments").body()).contains("nice");
    }

    @Test
    void aLogoutFreesTheDraft() throws Exception {
        alice.ask("POST", "/1/lock?here=true");
        Browser.Channel news = bob.follow("/1/holder/changes");
        news.await(told -> told.contains("alice"));
        alice.logout();
        news.await(told -> told.contains("\"user\":null"));
        assertThat(bob.ask("POST", "/1/lock").statusCode()).isEqualTo(200);
    }

    @Test
    void anOpenPageGoesOnHavingTheDraft() throws Exception {
        alice.ask("POST", "/1/lock");
        assertThat(alice.ask("POST", "/1/lock/renewal").statusCode()).isEqualTo(204);
        assertThat(bob.ask("POST", "/1/lock/renewal").statusCode()).isEqualTo(423);
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertThat(alice.ask("POST", "/99/lock").statusCode()).isEqualTo(404);
        assertThat(locks.roots())
                .as("a call that fails gives back what it took")
                .isEmpty();
    }
}
