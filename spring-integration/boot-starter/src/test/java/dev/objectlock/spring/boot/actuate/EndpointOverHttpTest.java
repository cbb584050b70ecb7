package dev.objectlock.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import dev.objectlock.Hold;
import dev.objectlock.LockEvent;
import dev.objectlock.LockListener;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import dev.objectlock.spring.boot.NoState;
import dev.objectlock.spring.boot.app.web.WebApplication;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The endpoint as an operator uses it: over HTTP, behind a real server and Spring Security's firewall. */
@SpringBootTest(
        classes = WebApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "management.endpoints.web.exposure.include=*")
@Import(EndpointOverHttpTest.Listening.class)
class EndpointOverHttpTest {

    private static final LockPath ROBOT = LockPath.of("cell:7", "robot");

    private final HttpClient http = HttpClient.newHttpClient();

    @Autowired
    private ObjectLocks locks;

    @Autowired
    private Listening listening;

    @Value("${local.server.port}")
    private int port;

    @AfterEach
    void nothingIsHeld() {
        for (LockPath root : locks.roots()) {
            locks.remove(root);
        }
        listening.overridden.clear();
    }

    @Test
    void theRootsAreListed() throws Exception {
        keep("alice", ROBOT);
        keep("bob", LockPath.of("cell:8"));

        assertThat(get("").<List<String>>read("$.roots")).containsExactly("cell:7", "cell:8");
    }

    @Test
    void openTransactionsAndTheHistoryAreShown() throws Exception {
        LockTransactions transactions = locks.transactions();
        LockPath score = LockPath.of("score:1");
        TransactionRequest all = TransactionRequest.of("First", score).participant(new NoState());
        TransactionRequest some = TransactionRequest.of("Second", score, 0, 10).participant(new NoState());
        TransactionRequest others =
                TransactionRequest.of("Third", score, 20, 30).participant(new NoState());
        locks.runAs(LockOwner.user("alice").onClient("c1"), () -> {
            transactions.run(all, () -> {});
            transactions.run(some, () -> {});
            transactions.undo(score);
        });
        OpenTransaction open = locks.callAs(LockOwner.user("bob"), () -> transactions.begin(others));

        DocumentContext root = get("");
        assertThat(root.<List<String>>read("$.transactions[*].name")).containsExactly("Third");
        assertThat(root.<List<String>>read("$.transactions[*].user")).containsExactly("bob");
        assertThat(root.<List<String>>read("$.transactions[*].id")).containsExactly(Long.toString(open.id()));
        assertThat(root.<String>read("$.transactions[0].since")).isNotEmpty();
        assertThat(root.<String>read("$.transactions[0].parts[0].path")).isEqualTo("score:1");
        assertThat(root.<Integer>read("$.transactions[0].parts[0].from")).isEqualTo(20);
        assertThat(root.<Integer>read("$.transactions[0].parts[0].to")).isEqualTo(30);
        assertThat(root.<List<String>>read("$.histories")).containsExactly("score:1");

        DocumentContext one = get("/score:1/part:1");
        assertThat(one.<List<String>>read("$.transactions[*].name")).containsExactly("Third");
        assertThat(one.<List<String>>read("$.undo[*].name")).containsExactly("First");
        assertThat(one.<List<String>>read("$.redo[*].name")).containsExactly("Second");
        assertThat(one.<List<String>>read("$.redo[*].client")).containsExactly("c1");
        open.rollback();
        assertThat(transactions.forget(score)).isEqualTo(2);
    }

    @Test
    void oneObjectShowsWhoHoldsItAndWhoWaits() throws Exception {
        locks.runAs(
                LockOwner.user("alice").onClient("c1"),
                () -> locks.acquire(LockRequest.user(ROBOT).keep().lease(Duration.ofMinutes(5))));
        try (var pool = Pool.ofOne()) {
            Future<?> waiting = pool.submit(() -> locks.runAs(
                    LockOwner.user("bob"),
                    () -> locks.run(LockRequest.user(ROBOT).waitFor(Duration.ofMinutes(1)), () -> {})));
            await().until(() -> !locks.status(ROBOT).waiters().isEmpty());

            DocumentContext shown = get("/cell:7/robot");

            assertThat(shown.<String>read("$.path")).isEqualTo("cell:7/robot");
            assertThat(shown.<Boolean>read("$.free")).isFalse();
            assertThat(shown.<String>read("$.holds[0].user")).isEqualTo("alice");
            assertThat(shown.<String>read("$.holds[0].client")).isEqualTo("c1");
            assertThat(shown.<String>read("$.holds[0].mode")).isEqualTo("USER");
            assertThat(shown.<Boolean>read("$.holds[0].kept")).isTrue();
            assertThat(shown.<String>read("$.holds[0].since")).startsWith("20");
            assertThat(Duration.parse(shown.read("$.holds[0].timeLeft")))
                    .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
            assertThat(shown.<String>read("$.waiters[0].user")).isEqualTo("bob");

            delete("/cell:7/robot?reason=test");
            waiting.get();
        }
    }

    @Test
    void aTreeShowsWhatIsBelowUpToALimit() throws Exception {
        keep("alice", ROBOT);
        keep("alice", LockPath.of("cell:7", "table"));

        DocumentContext all = get("/cell:7");
        DocumentContext some = get("/cell:7?limit=1");

        assertThat(all.<Boolean>read("$.free")).isTrue();
        assertThat(all.<List<String>>read("$.below[*].path")).containsExactly("cell:7/robot", "cell:7/table");
        assertThat(some.<List<String>>read("$.below[*].path")).containsExactly("cell:7/robot");
        assertThat(some.<Integer>read("$.holdsBelow")).isEqualTo(2);
    }

    @Test
    void takingAwayIsAnnouncedWithWhoDidIt() throws Exception {
        keep("alice", ROBOT);

        DocumentContext answer = delete("/cell:7/robot?reason=robot%20is%20needed");

        assertThat(answer.<Integer>read("$.released")).isEqualTo(1);
        assertThat(locks.list(ROBOT)).isEmpty();
        await().until(() -> listening.overridden.size() == 1);
        LockEvent.Overridden event = listening.overridden.get(0);
        assertThat(event.by().user()).isEqualTo("application:actuator");
        assertThat(event.reason()).isEqualTo("robot is needed (asked by olga)");
    }

    @Test
    void oneHoldIsTakenAwayByItsId() throws Exception {
        try (Hold running = locks.acquire(LockRequest.monitor(ROBOT))) {
            String id = get("/cell:7/robot").read("$.holds[0].id");

            assertThat(delete("/cell:7/robot?reason=stuck").<Integer>read("$.released"))
                    .isZero();
            assertThat(delete("/cell:7/robot?reason=stuck&hold=" + id).<Integer>read("$.released"))
                    .isEqualTo(1);
            assertThat(running.isHeld()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "ä€😀", "a/b", "100%", "a;b=c", "x?y#z", "..", "a\\b", "a+b", "a%2Fb", "a.b", "\"'<>"})
    void everyPathSurvivesAsAParameter(String segment) throws Exception {
        LockPath path = LockPath.of("cell:" + segment, segment);
        keep("alice", path);
        String asParameter = "path=" + URLEncoder.encode(path.toString(), StandardCharsets.UTF_8);

        assertThat(get("?" + asParameter).<String>read("$.holds[0].path")).isEqualTo(path.toString());
        assertThat(delete("?reason=test&" + asParameter).<Integer>read("$.released"))
                .isEqualTo(1);
        assertThat(locks.list(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "ä€😀", "x?y#z", "a+b", "a.b", "\"'<>"})
    void whatAnAddressMayHaveSurvivesThere(String segment) throws Exception {
        LockPath path = LockPath.of("cell:" + segment, segment);
        keep("alice", path);
        String address = "/" + encoded("cell:" + segment) + "/" + encoded(segment);

        assertThat(get(address).<String>read("$.holds[0].path")).isEqualTo(path.toString());
        assertThat(delete(address + "?reason=test").<Integer>read("$.released")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cell:7/robot", "/cell:7/robot?reason=%20", "?path=cell:7/robot", "?path=a//b&reason=x"})
    void wrongRequestsAreRefused(String rest) throws Exception {
        assertThat(send("DELETE", rest, true).statusCode()).isEqualTo(400);
    }

    @Test
    void whoIsNotLoggedInIsRefused() throws Exception {
        keep("alice", ROBOT);

        assertThat(send("DELETE", "/cell:7/robot?reason=x", false).statusCode()).isEqualTo(401);
        assertThat(locks.list(ROBOT)).hasSize(1);
    }

    private void keep(String user, LockPath path) {
        locks.runAs(
                LockOwner.user(user), () -> locks.acquire(LockRequest.user(path).keep()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private DocumentContext get(String rest) throws Exception {
        return ok(send("GET", rest, true));
    }

    private DocumentContext delete(String rest) throws Exception {
        return ok(send("DELETE", rest, true));
    }

    private static DocumentContext ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonPath.parse(response.body());
    }

    private HttpResponse<String> send(String method, String rest, boolean loggedIn)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/actuator/objectlocks" + rest))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (loggedIn) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString("olga:secret".getBytes(StandardCharsets.UTF_8)));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** An executor that is over with its test. */
    private record Pool(java.util.concurrent.ExecutorService threads) implements AutoCloseable {

        static Pool ofOne() {
            return new Pool(Executors.newSingleThreadExecutor());
        }

        Future<?> submit(Runnable task) {
            return threads.submit(task);
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    @TestConfiguration
    static class Listening {

        final List<LockEvent.Overridden> overridden = new CopyOnWriteArrayList<>();

        @Bean
        LockListener overrides() {
            return event -> {
                if (event instanceof LockEvent.Overridden taken) {
                    overridden.add(taken);
                }
            };
        }
    }
}
