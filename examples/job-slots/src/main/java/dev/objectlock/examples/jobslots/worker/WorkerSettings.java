package dev.objectlock.examples.jobslots.worker;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a worker is told on its command line.
 *
 * @param name whose slots they are, in the store and in the timeline
 * @param redis where Redis is
 * @param prefix what all names in Redis begin with; workers with the same share slots and tasks
 * @param night of which night the tasks are
 * @param tasks how many there are
 * @param threads how many it works on at a time
 * @param work how long a task takes, on average
 * @param timeout after how long a silence the store takes a worker for dead
 */
public record WorkerSettings(
        String name,
        String redis,
        String prefix,
        String night,
        int tasks,
        int threads,
        Duration work,
        Duration timeout) {

    /** Says them as arguments. */
    public List<String> args() {
        return List.of(
                name,
                redis,
                prefix,
                night,
                Integer.toString(tasks),
                Integer.toString(threads),
                work.toString(),
                timeout.toString());
    }

    static WorkerSettings of(String[] args) {
        return new WorkerSettings(
                args[0],
                args[1],
                args[2],
                args[3],
                Integer.parseInt(args[4]),
                Integer.parseInt(args[5]),
                Duration.parse(args[6]),
                Duration.parse(args[7]));
    }

    /** Returns the same for another worker. */
    public WorkerSettings named(String other) {
        return new WorkerSettings(other, redis, prefix, night, tasks, threads, work, timeout);
    }

    /** Returns the same with another prefix. */
    public WorkerSettings prefixed(String other) {
        return new WorkerSettings(name, redis, other, night, tasks, threads, work, timeout);
    }

    /** Returns the names of all tasks. */
    public List<String> taskNames() {
        return IntStream.rangeClosed(1, tasks)
                .mapToObj(number -> String.format(Locale.ROOT, "invoice-%03d", number))
                .toList();
    }
}
