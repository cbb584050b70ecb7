package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/redis.md shows compiles, runs, and shows what it says. */
@Tag("own-server")
class RedisPageTest {

    private static final String IMPORTS =
            """
            import dev.objectlock.*;
            import dev.objectlock.annotation.*;
            import dev.objectlock.redis.*;
            import io.lettuce.core.*;
            import io.lettuce.core.cluster.*;
            import java.sql.*;
            import java.time.*;
            import java.util.*;
            import java.util.function.*;
            import javax.sql.*;
            """;

    /** \xff is one byte. */
    private static final StringCodec BYTES = new StringCodec(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path folder;

    @Test
    void allThatItShowsCompiles() throws IOException {
        List<String> blocks = RedisPage.blocks("java");
        assertThat(blocks).hasSizeGreaterThan(4);
        for (int i = 0; i < blocks.size(); i++) {
            compile("Shown" + i, blocks.get(i));
        }
    }

    @Test
    void theFirstMinuteRuns() throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        String first = RedisPage.blocks("java").get(0);
        assertThat(first).contains("redis://localhost:6379");
        try (OwnRedis redis = OwnRedis.start()) {
            compile("First", first.replace("localhost:6379", "127.0.0.1:" + redis.port()));
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            try (URLClassLoader loader = URLClassLoader.newInstance(
                    new java.net.URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
                Class.forName("First", true, loader).getMethod("run").invoke(null);
            } finally {
                System.setOut(console);
            }
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("one thread of one process at a time");
    }

    /** A class as it is, statements in a method. */
    private void compile(String name, String block) throws IOException {
        String body =
                block.startsWith("class ") ? block : "public static void run() throws Exception {\n" + block + "}\n";
        Path source = folder.resolve(name + ".java");
        Files.writeString(source, IMPORTS + "public class " + name + " {\n" + body + "}\n");
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        complaints,
                        "-proc:none",
                        "-cp",
                        classPath,
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(result)
                .as("%s%n%s", block, complaints.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    @Test
    void whatIsTypedInRedisCliShowsIt() {
        List<String> typed = RedisPage.lines("127.0.0.1:6379> ");
        assertThat(typed).hasSize(7);
        try (OwnRedis redis = OwnRedis.start();
                RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisLockBackend backend = RedisLockBackend.create(client);
            try (ObjectLocks locks = ObjectLocks.builder().backend(backend).build()) {
                locks.callAs(
                        LockOwner.user("alice"),
                        () -> locks.acquire(
                                LockRequest.user(LockPath.of("cell:7", "robot")).keep()));
                List<String> shown =
                        typed.stream().map(line -> show(connection, line)).toList();
                assertThat(shown.get(0)).startsWith("[o\tcell:7/robot\tk\tualice\tU\t");
                assertThat(shown.get(1)).contains("P\tp");
                assertThat(shown.get(2)).contains("[p\tp");
                assertThat(shown.get(3)).contains("\tacquired\t", "\tcell:7/robot\t");
                assertThat(Integer.parseInt(shown.get(4).replaceAll("\\D", ""))).isPositive();
                assertThat(shown.get(5)).isEqualTo("[maxmemory-policy, noeviction]");
                assertThat(shown.get(6)).contains("evicted_keys:0");
            }
            backend.close();
        }
    }

    private static String show(StatefulRedisConnection<String, String> connection, String typed) {
        List<String> words = words(typed);
        CommandArgs<String, String> arguments = new CommandArgs<>(BYTES);
        words.subList(1, words.size()).forEach(arguments::add);
        return connection
                .sync()
                .dispatch(CommandType.valueOf(words.get(0)), new NestedMultiOutput<>(BYTES), arguments)
                .toString();
    }

    /** As redis-cli reads a line: in quotes there are escapes. */
    private static List<String> words(String typed) {
        return Pattern.compile("\"([^\"]*)\"|(\\S+)")
                .matcher(typed)
                .results()
                .map((MatchResult found) -> found.group(1) == null ? found.group(2) : unescaped(found.group(1)))
                .toList();
    }

    private static String unescaped(String quoted) {
        return quoted.replace("\\t", "\t").replace("\\xff", "\u00ff");
    }

    @Test
    void theFenceThatItShowsIsTheOneThatIsTested() throws IOException {
        String test = Files.readString(Path.of("src/test/java/dev/objectlock/redis/FencedUpdateTest.java"));
        List<String> classes = RedisPage.blocks("java").stream()
                .filter(block -> block.startsWith("class "))
                .toList();
        assertThat(classes).hasSize(1);
        assertThat(test).contains(classes);
    }

    /** Each property and each setting is in the table, with its default. */
    @Test
    void namesEverySetting() {
        List<String> settings = Arrays.stream(RedisLockBackendBuilder.class.getMethods())
                .filter(method -> method.getReturnType() == RedisLockBackendBuilder.class)
                .map(java.lang.reflect.Method::getName)
                .toList();
        List<String> named = new ArrayList<>();
        for (String row : RedisPage.lines("| `.")) {
            named.add(row.substring(0, row.indexOf('(')));
        }
        assertThat(named).containsExactlyInAnyOrderElementsOf(settings);
    }
}
