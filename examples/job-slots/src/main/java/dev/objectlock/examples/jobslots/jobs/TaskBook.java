package dev.objectlock.examples.jobslots.jobs;

import static java.util.stream.Collectors.toMap;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Who began a task last and who has done it, for one night: two hashes in Redis. In a database it would be a table, {@code update
 * task set done_by = ? where name = ? and fence = ? and done_by is null}. Thread-safe.
 */
public final class TaskBook {

    private static final Duration KEPT = Duration.ofHours(1);

    private static final String BEGIN =
            """
            if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
            local newest = redis.call('HGET', KEYS[1], ARGV[1])
            if newest and newest > ARGV[2] then return 0 end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            redis.call('EXPIRE', KEYS[1], ARGV[3])
            return 1
            """;

    private static final String FINISH =
            """
            if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
            redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[3])
            redis.call('EXPIRE', KEYS[2], ARGV[4])
            return redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[3] and 1 or 0
            """;

    /** A task that was done: under which fence, and by whom. */
    public record Done(long fence, String worker) {}

    private final RedisCommands<String, String> redis;
    private final String begun;
    private final String done;

    /** The book of a night; processes that give the same prefix and night write in the same. */
    public TaskBook(RedisCommands<String, String> redis, String prefix, String night) {
        this.redis = redis;
        this.begun = prefix + ":{" + night + "}:begun";
        this.done = prefix + ":{" + night + "}:done";
    }

    /** Notes that a task begins under a fence; false if it is done, or if a newer one has begun it. */
    public boolean begin(String task, long fence) {
        return isOne(redis.eval(BEGIN, ScriptOutputType.INTEGER, keys(), task, text(fence), keptSeconds()));
    }

    /** Writes that a task is done; false, and nothing is written, unless it was begun last under this fence. */
    public boolean finish(String task, long fence, String worker) {
        String entry = text(fence) + " " + worker;
        return isOne(redis.eval(FINISH, ScriptOutputType.INTEGER, keys(), task, text(fence), entry, keptSeconds()));
    }

    /** Returns those of the tasks that are not done, in their order. */
    public List<String> open(List<String> tasks) {
        Set<String> written = Set.copyOf(redis.hkeys(done));
        return tasks.stream().filter(task -> !written.contains(task)).toList();
    }

    /** Returns all tasks that are done. */
    public Map<String, Done> done() {
        return redis.hgetall(done).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, entry -> read(entry.getValue())));
    }

    private static Done read(String entry) {
        String[] words = entry.split(" ", 2);
        return new Done(Long.parseLong(words[0]), words[1]);
    }

    /** All of one length, so that Redis compares them as numbers; its own have 53 bits. */
    private static String text(long fence) {
        return String.format(Locale.ROOT, "%019d", fence);
    }

    private static boolean isOne(Long answer) {
        return answer == 1;
    }

    private static String keptSeconds() {
        return Long.toString(KEPT.toSeconds());
    }

    private String[] keys() {
        return new String[] {begun, done};
    }
}
