package dev.objectlock.redis;

import dev.objectlock.LockBackendException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One bucket as one process knows it: asks the script, and hears what is told, each thing once and in order. What is told has
 * numbers; if one is missing, the process asks for it. Thread-safe.
 */
final class Bucket {

    /** So many messages may be heard before the store is told that it need not keep them. */
    private static final int MOST_UNACKNOWLEDGED = 100;

    /** Whoever wants these wants to know at once, or asks again; the rest is sent when there is a connection again. */
    private static final Set<String> IN_VAIN_WITHOUT_CONNECTION =
            Set.of("ask", "guard", "check", "find", "join", "leave dead");

    private final Server server;
    private final Settings settings;
    private final String process;
    private final BucketKeys keys;
    private final String base;
    private final ReentrantLock lock = new ReentrantLock();

    /** The number of the last message, and of the last event; with the lock. */
    private long heard;

    private long lastEvent;
    private boolean joined;

    private final AtomicInteger unacknowledged = new AtomicInteger();
    private volatile String epoch = "";

    Bucket(Server server, Settings settings, String process, int number) {
        this.server = server;
        this.settings = settings;
        this.process = process;
        this.base = settings.prefix() + ":{" + number + "}:";
        this.keys = new BucketKeys(base);
    }

    String eventChannel() {
        return base + "events";
    }

    String processChannel() {
        return base + "process:" + process;
    }

    /** Runs an operation; if there is much to clear away first, as often as it takes. */
    CompletableFuture<Reply> run(String operation, String... arguments) {
        String[] all = new String[arguments.length + 4];
        all[0] = operation;
        all[1] = settings.testTime() ? Long.toString(micros()) : "";
        all[2] = process;
        all[3] = acknowledgement();
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        String what = operation.equals("leave") ? "leave " + arguments[0] : operation;
        if (IN_VAIN_WITHOUT_CONNECTION.contains(what) && server.isCutOff()) {
            return CompletableFuture.failedFuture(
                    new LockBackendException("there is no connection to Redis at the moment", true, null));
        }
        CompletableFuture<Reply> reply = server.run(keys, all, operation.equals("ask"));
        return reply.thenCompose(
                answer -> answer.is("MORE") ? run(operation, arguments) : CompletableFuture.completedFuture(answer));
    }

    private long micros() {
        java.time.Instant now = settings.time().now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    private String acknowledgement() {
        if (unacknowledged.get() < MOST_UNACKNOWLEDGED) {
            return "";
        }
        lock.lock();
        try {
            unacknowledged.set(0);
            return Long.toString(heard);
        } finally {
            lock.unlock();
        }
    }

    void joined(String itsEpoch, long event) {
        lock.lock();
        try {
            epoch = itsEpoch;
            lastEvent = event;
            joined = true;
        } finally {
            lock.unlock();
        }
    }

    boolean hasJoined() {
        return !epoch.isEmpty();
    }

    /** Whether what comes after this event has been heard. */
    boolean isPast(long event) {
        lock.lock();
        try {
            return event <= lastEvent;
        } finally {
            lock.unlock();
        }
    }

    String epoch() {
        return epoch;
    }

    /** Asks for all that was told and not heard. */
    CompletableFuture<Reply> hear(boolean beat) {
        lock.lock();
        try {
            return run("hear", Wire.flag(beat), Long.toString(heard), Long.toString(lastEvent));
        } finally {
            lock.unlock();
        }
    }

    /**
     * A message to this process has come: {@code before number text}.
     *
     * @param next takes it, in order
     * @return false if one before it is missing
     */
    boolean message(String numbered, Consumer<String> next) {
        int tab = numbered.indexOf('\t');
        int second = numbered.indexOf('\t', tab + 1);
        long before = Long.parseLong(numbered, 0, tab, 10);
        long number = Long.parseLong(numbered, tab + 1, second, 10);
        lock.lock();
        try {
            if (number <= heard) {
                return true;
            }
            if (before > heard) {
                return false;
            }
            heard = number;
            unacknowledged.incrementAndGet();
            next.accept(numbered.substring(second + 1));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * An event has come: {@code before number ...}.
     *
     * @param next takes it, in order
     * @return false if one before it is missing
     */
    boolean event(String event, Consumer<String> next) {
        int tab = event.indexOf('\t');
        long before = Long.parseLong(event, 0, tab, 10);
        long number = Long.parseLong(event, tab + 1, event.indexOf('\t', tab + 1), 10);
        lock.lock();
        try {
            if (!joined || number <= lastEvent) {
                return true;
            }
            if (before > lastEvent) {
                return false;
            }
            lastEvent = number;
            next.accept(event);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The server has forgotten some events, or how they came to be told: it goes on from here. */
    void goTo(long event) {
        lock.lock();
        try {
            lastEvent = event;
        } finally {
            lock.unlock();
        }
    }

    /** The log does not reach back to what this process has heard: it goes on from here. */
    void skipTo(String firstOfLog) {
        lock.lock();
        try {
            lastEvent = Math.max(lastEvent, Long.parseLong(firstOfLog, 0, firstOfLog.indexOf('\t'), 10));
        } finally {
            lock.unlock();
        }
    }
}
