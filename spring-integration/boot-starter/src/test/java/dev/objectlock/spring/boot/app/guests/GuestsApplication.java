package dev.objectlock.spring.boot.app.guests;

import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBusyException;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A web application with the starter, without Spring Security and without configuration. It is run on a class path of its own. */
@SpringBootApplication
public class GuestsApplication {

    /** Lets a second browser session in while the first is inside, and says what it is told. */
    public static String secondSession() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            Rooms rooms = context.getBean(Rooms.class);
            Browser one = new Browser(context);
            Browser two = new Browser(context);
            CompletableFuture<HttpResponse<String>> first = one.ask("/painted");
            rooms.inside().await(20, TimeUnit.SECONDS);
            int second = two.ask("/painted").get(20, TimeUnit.SECONDS).statusCode();
            rooms.leave().countDown();
            return first.get(20, TimeUnit.SECONDS).statusCode() + ", then " + second + ", then "
                    + two.ask("/painted").get(20, TimeUnit.SECONDS).statusCode();
        }
    }

    /** Lets one browser session come in on many threads, and says how many of those were inside at once. */
    public static int mostThreads() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            Browser browser = new Browser(context);
            CompletableFuture<?>[] all = new CompletableFuture<?>[20];
            for (int i = 0; i < all.length; i++) {
                all[i] = browser.ask("/counted");
            }
            CompletableFuture.allOf(all).get(60, TimeUnit.SECONDS);
            return context.getBean(Rooms.class).most();
        }
    }

    /** What a guest is told where none are wanted. */
    public static String refused() throws Exception {
        try (ConfigurableApplicationContext context = start("--objectlock.guests=refuse")) {
            HttpResponse<String> told = new Browser(context).ask("/counted").get(20, TimeUnit.SECONDS);
            return told.statusCode() + " " + told.body();
        }
    }

    private static ConfigurableApplicationContext start(String... properties) {
        // It is set once in a JVM, and here there may be several Tomcats, each of its own class loader.
        TomcatURLStreamHandlerFactory.disable();
        SpringApplication application = new SpringApplication(GuestsApplication.class);
        application.setRegisterShutdownHook(false);
        List<String> args = new ArrayList<>(List.of("--server.port=0", "--spring.main.banner-mode=off"));
        args.addAll(List.of(properties));
        return application.run(args.toArray(String[]::new));
    }

    private static final class Browser {

        private final HttpClient http =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        private final String address;

        Browser(ConfigurableApplicationContext context) throws Exception {
            address = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
            ask("/hello").get(20, TimeUnit.SECONDS);
        }

        CompletableFuture<HttpResponse<String>> ask(String path) {
            return http.sendAsync(
                    HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @RestController
    static class Rooms {

        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch leave = new CountDownLatch(1);
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        CountDownLatch inside() {
            return inside;
        }

        CountDownLatch leave() {
            return leave;
        }

        int most() {
            return most.get();
        }

        @GetMapping("/hello")
        @ObjectLock(path = "door:1", mode = LockMode.USER)
        public String hello() {
            return "hello";
        }

        @GetMapping("/painted")
        @ObjectLock(path = "room:1", mode = LockMode.USER)
        public String painted() throws InterruptedException {
            inside.countDown();
            leave.await(20, TimeUnit.SECONDS);
            return "painted";
        }

        @GetMapping("/counted")
        @ObjectLock(path = "room:2", mode = LockMode.MONITOR)
        public String counted() throws InterruptedException {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            // Long enough for another to be seen in here, if one could get in.
            TimeUnit.MILLISECONDS.sleep(5);
            now.decrementAndGet();
            return "counted";
        }

        @ExceptionHandler
        @ResponseStatus(HttpStatus.UNAUTHORIZED)
        String unknown(LockAuthenticationException unknown) {
            return String.valueOf(unknown.getMessage());
        }

        @ExceptionHandler
        @ResponseStatus(HttpStatus.LOCKED)
        String busy(LockBusyException busy) {
            return String.valueOf(busy.getMessage());
        }
    }
}
