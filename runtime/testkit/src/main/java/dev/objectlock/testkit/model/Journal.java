package dev.objectlock.testkit.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What happened in a history of transactions, as the objects saw it, and what was wrong with that. Thread-safe. */
final class Journal {

    /** What came long before is not of interest any more when something is wrong. */
    private static final int MOST = 150;

    /** One thing that is wrong makes more of them. */
    private static final int MOST_WRONG = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<String> lines = new ArrayDeque<>();
    private final List<String> wrong = new ArrayList<>();
    private volatile boolean broken;

    void note(String line) {
        lock.lock();
        try {
            if (!broken) {
                lines.add(line);
                if (lines.size() > MOST) {
                    lines.remove();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** A promise has been broken: the first line says which, what follows may be its consequences. */
    void wrong(String what) {
        note("and that is wrong:");
        lock.lock();
        try {
            broken = true;
            wrong.add(what);
        } finally {
            lock.unlock();
        }
    }

    void wrong(String what, Throwable thrown) {
        StringBuilder text = new StringBuilder(what).append(": ").append(thrown);
        for (StackTraceElement frame : thrown.getStackTrace()) {
            text.append("\n      at ").append(frame);
        }
        wrong(text.toString());
    }

    /** Whether something was wrong; then there is no use in going on. */
    boolean isBroken() {
        return broken;
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return "    " + String.join("\n    ", lines) + "\n"
                    + String.join("\n", wrong.subList(0, Math.min(wrong.size(), MOST_WRONG)));
        } finally {
            lock.unlock();
        }
    }
}
