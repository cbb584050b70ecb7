package dev.objectlock.redis;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Stops processes and lets them go on, as a machine does that is too busy, or asleep. Only where there are signals. */
public final class Signals {

    private Signals() {}

    /**
     * The process stands still from now on.
     *
     * @param pid its number
     */
    public static void stop(long pid) {
        send("STOP", pid);
    }

    /**
     * The process goes on.
     *
     * @param pid its number
     */
    public static void go(long pid) {
        send("CONT", pid);
    }

    /**
     * Sends any signal.
     *
     * @param signal its name without {@code SIG}
     * @param pid the number of the process
     */
    public static void send(String signal, long pid) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + signal + " " + pid + " ended with " + exit);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal, stopped);
        }
    }
}
