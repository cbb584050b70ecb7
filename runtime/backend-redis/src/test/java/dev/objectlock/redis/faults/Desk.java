package dev.objectlock.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What one thread of a worker has going on at the resource. Thread-safe: losses are told on another connection. */
final class Desk {

    private final int thread;
    private final Resource resource;
    private final Tally tally;
    private final BooleanSupplier goesOn;
    private final List<Visit> visits = new ArrayList<>();
    private final Set<Long> toldEarly = new HashSet<>();
    private long lastEnded;
    private String heard = "nothing yet";
    private long heardAt = System.nanoTime();

    /**
     * Creates it.
     *
     * @param thread its number in the whole run
     * @param resource where its visits go
     * @param tally where it is counted
     * @param goesOn whether it may begin something new
     */
    Desk(int thread, Resource resource, Tally tally, BooleanSupplier goesOn) {
        this.thread = thread;
        this.resource = resource;
        this.tally = tally;
        this.goesOn = goesOn;
    }

    /** Answers a line. */
    synchronized String answer(String line) {
        String[] words = line.split(" ", 4);
        String answer =
                switch (words[0]) {
                    case "next" -> next();
                    case "enter" -> enter(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
                    case "write" -> resource.write(visit(words[1])) ? "ok" : "stale";
                    case "leave" -> left(visit(words[1]));
                    case "end" -> ended(visit(words[1]), words[2]);
                    case "failed" -> failed(words[1]);
                    default -> throw new IllegalArgumentException(line);
                };
        // What the thread asks for next, it asks for after this.
        heardAt = System.nanoTime();
        heard = line;
        return answer;
    }

    private String next() {
        if (!goesOn.getAsBoolean()) {
            return "stop";
        }
        tally.add(Count.OPERATIONS);
        return "go";
    }

    private String enter(long number, long fence, String claim) {
        Visit visit = new Visit(Claim.parse(thread, claim), number, fence, heardAt);
        visits.add(visit);
        if (toldEarly.remove(number)) {
            resource.told(visit);
        }
        return resource.enter(visit) ? "in" : "stale";
    }

    private Visit visit(String number) {
        long wanted = Long.parseLong(number);
        return visits.stream()
                .filter(visit -> visit.number() == wanted)
                .findAny()
                .orElseThrow();
    }

    private String left(Visit visit) {
        resource.leave(visit);
        return "ok";
    }

    /** How it ended for the worker: as if it had been held to the end, as lost, or with an error of the store. */
    private String ended(Visit visit, String how) {
        visits.remove(visit);
        lastEnded = Math.max(lastEnded, visit.number());
        resource.ended(visit, how.equals("held"));
        return how.equals("held") ? "ok" : failed(how);
    }

    private String failed(String how) {
        if (how.equals("wrong")) {
            // It is told as news, with what it was.
            return "ok";
        }
        tally.add(
                switch (how) {
                    case "lost" -> Count.ENDED_AS_LOST;
                    case "known" -> Count.ERRORS_KNOWN;
                    case "unknown" -> Count.ERRORS_UNKNOWN;
                    case "busy" -> Count.REFUSED;
                    case "session" -> Count.SESSIONS_ENDED;
                    default -> throw new IllegalArgumentException(how);
                });
        return "ok";
    }

    /** The worker was told that a hold is lost: of a visit, or of one that has not begun yet, or that has just ended. */
    synchronized void told(long number, String reason) {
        if (number <= lastEnded) {
            return;
        }
        tally.lost(reason);
        visits.stream()
                .filter(visit -> visit.number() == number)
                .findAny()
                .ifPresentOrElse(resource::told, () -> toldEarly.add(number));
    }

    /** The worker is gone, and whatever it did with it. */
    synchronized void close() {
        visits.forEach(visit -> resource.ended(visit, false));
        visits.clear();
    }

    @Override
    public synchronized String toString() {
        Duration ago = Duration.ofNanos(System.nanoTime() - heardAt);
        return "thread " + thread + " last said, " + ago.toMillis() + " ms ago: " + heard;
    }
}
