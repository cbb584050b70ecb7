package dev.objectlock.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.boot.app.login.LoginApplication;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** Users and clients from Spring Security and HTTP sessions, behind a real server. */
@SpringBootTest(classes = LoginApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LoginTest {

    @Value("${local.server.port}")
    private int port;

    @Autowired
    private ObjectLocks locks;

    @AfterEach
    void nothingIsHeld() {
        locks.roots().forEach(locks::remove);
    }

    @Test
    void eachRequestIsAFlowOfTheUserOnItsScreen() throws Exception {
        Browser desk = new Browser("alice");
        Browser phone = new Browser("alice");
        String[] one = desk.text("/owner").split(" ");
        String[] two = desk.text("/owner").split(" ");
        String[] other = phone.text("/owner").split(" ");
        assertThat(one[0]).isEqualTo("alice");
        assertThat(two[1]).isEqualTo(one[1]);
        assertThat(two[2]).isNotEqualTo(one[2]);
        assertThat(other[0]).isEqualTo("alice");
        assertThat(other[1]).isNotEqualTo(one[1]);
    }

    @Test
    void aUserLockAdmitsTheSecondScreenAndAClientLockDoesNot() throws Exception {
        Browser desk = new Browser("alice");
        Browser phone = new Browser("alice");
        Browser bob = new Browser("bob");
        assertThat(desk.status("/keep-user")).isEqualTo(200);
        assertThat(phone.status("/edit")).isEqualTo(200);
        assertThat(bob.get("/edit").statusCode()).isEqualTo(423);
        assertThat(bob.text("/edit")).contains("alice");

        assertThat(desk.status("/keep-client")).isEqualTo(200);
        assertThat(phone.status("/edit")).isEqualTo(423);
        assertThat(desk.status("/edit")).isEqualTo(200);
    }

    @Test
    void theClientSurvivesTheChangeOfSessionIdAtLogin() throws Exception {
        Browser desk = new Browser("alice");
        assertThat(desk.status("/keep-client")).isEqualTo(200);
        String client = desk.text("/owner").split(" ")[1];
        String session = desk.sessionId();

        desk.login("alice");

        assertThat(desk.sessionId()).isNotEqualTo(session);
        assertThat(desk.text("/owner").split(" ")[1]).isEqualTo(client);
        assertThat(locks.status(LockPath.of("draft:1")).isFree()).isFalse();
        assertThat(desk.status("/edit")).isEqualTo(200);
    }

    @Test
    void aLogoutEndsWhatWasKeptOnThatScreen() throws Exception {
        Browser desk = new Browser("alice");
        assertThat(desk.status("/keep-client")).isEqualTo(200);
        assertThat(desk.post("/logout", "")).isEqualTo(204);
        assertThat(desk.status("/owner")).as("she has logged out").isNotEqualTo(200);
        assertThat(locks.status(LockPath.of("draft:1")).holds()).isEmpty();
    }

    @Test
    void whoLogsInOverAnotherDoesNotGetTheirLock() throws Exception {
        Browser desk = new Browser("alice");
        assertThat(desk.status("/keep-client")).isEqualTo(200);
        desk.login("bob");
        assertThat(desk.text("/owner")).startsWith("bob ");
        assertThat(locks.status(LockPath.of("draft:1")).isFree()).as("hers").isTrue();
    }

    @Test
    void nobodyMayNotEvenHaveAMonitor() throws Exception {
        HttpResponse<String> refused = new Browser(null).get("/open/monitor");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("draft:1").contains("log in");
        assertThat(new Browser("alice").status("/open/monitor")).isEqualTo(200);
    }

    @Test
    void anAuthorityIsNeeded() throws Exception {
        HttpResponse<String> refused = new Browser("eve").get("/edit");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("objectlock");
    }

    @Test
    void asynchronousWorkIsOfTheSameUserInAnotherFlow() throws Exception {
        Browser desk = new Browser("alice");
        String[] here = desk.text("/owner").split(" ");
        String[] there = desk.text("/owner-elsewhere").split(" ");
        assertThat(there[0]).isEqualTo("alice");
        assertThat(there[1]).isEqualTo(here[1]);
        assertThat(there[2]).isNotEqualTo(here[2]);
    }

    private final class Browser {

        private final CookieManager cookies = new CookieManager();
        private final HttpClient http =
                HttpClient.newBuilder().cookieHandler(cookies).build();

        Browser(String user) throws Exception {
            if (user != null) {
                login(user);
            }
        }

        void login(String user) throws Exception {
            assertThat(post("/login", "username=" + user + "&password=" + user)).isEqualTo(302);
        }

        int post(String path, String form) throws IOException, InterruptedException {
            return http.send(
                            HttpRequest.newBuilder(address(path))
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(HttpRequest.BodyPublishers.ofString(form))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return http.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
        }

        int status(String path) throws IOException, InterruptedException {
            return get(path).statusCode();
        }

        String text(String path) throws IOException, InterruptedException {
            return get(path).body();
        }

        String sessionId() {
            return cookies.getCookieStore().getCookies().stream()
                    .filter(cookie -> cookie.getName().equals("JSESSIONID"))
                    .map(HttpCookie::getValue)
                    .findFirst()
                    .orElseThrow();
        }

        private URI address(String path) {
            return URI.create("http://localhost:" + port + path);
        }
    }
}
