package dev.objectlock.examples.drafts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A browser of one user: its cookies, and what its page asks for. */
final class Browser {

    private static final long PATIENCE_SECONDS = 30;

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();
    private final String address;

    Browser(int port, String user) throws IOException, InterruptedException {
        address = "http://localhost:" + port;
        String form = get("/login").body();
        String token = form.replaceAll("(?s).*name=\"_csrf\"[^>]*value=\"([^\"]+)\".*", "$1");
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(address + "/login"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("username=" + user + "&password=" + user + "&_csrf=" + token))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.headers().firstValue("Location"))
                .as("after the login")
                .hasValueSatisfying(to -> assertThat(to).doesNotContain("error"));
        get("/index.html");
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> ask(String method, String path, String body) throws Exception {
        return begin(method, path, body).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    HttpResponse<String> ask(String method, String path) throws Exception {
        return ask(method, path, "");
    }

    CompletableFuture<HttpResponse<String>> begin(String method, String path, String body) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create(address + "/drafts" + path))
                        .header("X-XSRF-TOKEN", csrfToken())
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    void logout() throws IOException, InterruptedException {
        http.send(
                HttpRequest.newBuilder(URI.create(address + "/logout"))
                        .header("X-XSRF-TOKEN", csrfToken())
                        .POST(BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private String csrfToken() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
                .map(HttpCookie::getValue)
                .map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8))
                .findFirst()
                .orElse("");
    }

    /** Follows a channel, as the page does. */
    Channel follow(String path) throws Exception {
        HttpResponse<java.util.stream.Stream<String>> answer = http.sendAsync(
                        HttpRequest.newBuilder(URI.create(address + "/drafts" + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new Channel(answer.body());
    }

    /** What a channel has told. */
    static final class Channel {

        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        private Channel(java.util.stream.Stream<String> lines) {
            Thread reader = new Thread(() -> lines.filter(line -> line.startsWith("data:"))
                    .forEach(line -> told.add(line.substring("data:".length()))));
            reader.setDaemon(true);
            reader.start();
        }

        /** Waits for something; what comes before it is passed by. */
        String await(Predicate<String> wanted) throws InterruptedException {
            String next;
            do {
                next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(next).as("what the channel tells").isNotNull();
            } while (!wanted.test(next));
            return next;
        }
    }
}
