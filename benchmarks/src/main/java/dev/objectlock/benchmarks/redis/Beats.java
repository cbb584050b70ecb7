package dev.objectlock.benchmarks.redis;

import java.time.Duration;
import java.util.List;

/** What it costs to keep many holds alive. */
final class Beats {

    /** Those that do. */
    static final List<Candidate> PEERS = List.of(Candidate.MONITOR, Candidate.RLOCK);

    private static final int EACH = 1_000;

    private final Server server;
    private final Effort effort;

    Beats(Server server, Effort effort) {
        this.server = server;
        this.effort = effort;
    }

    /**
     * What was measured.
     *
     * @param peer who
     * @param holds how many
     * @param sent commands a minute: both send nothing but scripts
     * @param executed commands a minute that the server carried out, those that scripts call included
     * @param cpuMillis of the server, a minute
     */
    record Figure(Candidate peer, int holds, double sent, double executed, double cpuMillis) {}

    /** What the server's processor does in a minute while nobody asks for anything, in milliseconds. */
    double idleCpuMillis() throws InterruptedException {
        long before = System.nanoTime();
        double cpu = server.cpu();
        sleep(effort.beat().dividedBy(4));
        return (server.cpu() - cpu) * 1e3 / ((System.nanoTime() - before) / 60e9);
    }

    /** Takes them, waits, and looks whether they are still there. */
    Figure measure(Candidate candidate) throws Exception {
        try (Peer peer = candidate.open(server.uri())) {
            Figure[] figure = new Figure[1];
            peer.run("keeper", () -> figure[0] = keep(candidate, take(peer)));
            return figure[0];
        }
    }

    private Mutex[] take(Peer peer) throws Exception {
        Mutex[] taken = new Mutex[effort.holds()];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = peer.mutex(i);
            taken[i].acquire();
        }
        return taken;
    }

    private Figure keep(Candidate candidate, Mutex[] taken) throws Exception {
        // Both beat each ten seconds from here: a window that begins half-way between two beats has three of them,
        // never two.
        sleep(effort.beat().dividedBy(6));
        long before = System.nanoTime();
        long scripts = server.scripts();
        long executed = server.executed();
        double cpu = server.cpu();
        sleep(effort.beat());
        double minutes = (System.nanoTime() - before) / 60e9;
        Figure figure = new Figure(
                candidate,
                taken.length,
                (server.scripts() - scripts) / minutes,
                (server.executed() - executed) / minutes,
                (server.cpu() - cpu) * 1e3 / minutes);
        for (int i = 0; i < taken.length; i += EACH) {
            taken[i].requireHeld();
        }
        return figure;
    }

    private static void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }
}
