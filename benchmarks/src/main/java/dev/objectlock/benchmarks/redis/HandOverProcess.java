package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One of several processes that want one object. Does what it is told on its standard input:
 *
 * <pre>{@code
 * open RLOCK        uses a peer
 * run 100 200       takes and gives back until the end of the second time
 * close             ends the connections
 * }</pre>
 *
 * <p>It works for two milliseconds with the lock, so that the others have time to stand in line, and asks again when another
 * has been in: so nobody can get hold of it twice in a row, and every release is a hand-over.
 */
public final class HandOverProcess {

    /** How long each has it. */
    static final long WORK_NANOS = 2_000_000;

    private static final long LOOK_NANOS = 200_000;

    private final RedisURI uri;
    private final Turnstile turnstile;
    private final int number;
    private @Nullable Peer peer;

    private HandOverProcess(RedisURI uri, Turnstile turnstile, int number) {
        this.uri = uri;
        this.turnstile = turnstile;
        this.number = number;
    }

    /**
     * Runs until its standard input ends.
     *
     * @param args the server, the file of the turnstile, the number of the process
     * @throws Exception if anything fails
     */
    public static void main(String[] args) throws Exception {
        // A peer that is left open has threads that would keep this process.
        Thread.currentThread().setUncaughtExceptionHandler((thread, failed) -> {
            failed.printStackTrace();
            System.exit(1);
        });
        new HandOverProcess(RedisURI.create(args[0]), Turnstile.at(Path.of(args[1])), Integer.parseInt(args[2])).obey();
        System.exit(0);
    }

    private void obey() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(obey(line.split(" ", -1)));
        }
    }

    private String obey(String[] words) throws Exception {
        switch (words[0]) {
            case "open" -> peer = Candidate.valueOf(words[1]).open(uri);
            case "run" -> {
                return run(opened(), Long.parseLong(words[1]), Long.parseLong(words[2]));
            }
            case "close" -> opened().close();
            default -> throw new IOException("what is \"" + words[0] + "\"?");
        }
        return "done";
    }

    private Peer opened() {
        if (peer == null) {
            throw new IllegalStateException("no peer is open");
        }
        return peer;
    }

    private String run(Peer used, long from, long end) throws Exception {
        List<Visit> visits = new ArrayList<>();
        used.run("process-" + number, () -> {
            Mutex mutex = used.mutex(0);
            sleepUntil(from);
            while (System.nanoTime() < end) {
                visits.add(visit(mutex, end));
            }
        });
        return Visit.writeAll(visits);
    }

    private Visit visit(Mutex mutex, long end) throws Exception {
        mutex.acquire();
        long entered = System.nanoTime();
        long turn = turnstile.enter();
        sleepUntil(entered + WORK_NANOS);
        turnstile.leave();
        long released = System.nanoTime();
        mutex.release();
        while (turnstile.turn() == turn && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return new Visit(number, entered, released);
    }

    private static void sleepUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
