package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.javacrumbs.shedlock.provider.redis.spring.RedisLockProvider;
import org.redisson.Redisson;
import org.springframework.integration.redis.util.RedisLockRegistry;

/**
 * Runs the benchmarks over Redis, from the module's folder, on a server that it starts, or on the one that {@code
 * OBJECTLOCK_REDIS} names.
 *
 * <pre>{@code
 * (nothing)                     everything, in some ten minutes, and writes  RESULTS-REDIS.md
 * pairs1, pairs8, contended     takes and gives back: 1 thread; 8 threads; 8 threads on one object
 * handover2, handover8, beat    hand-overs between processes; 10,000 holds kept alive
 * monitor, rlock, ...           these peers only
 * page                          writes RESULTS-REDIS.md again from the last figures
 * }</pre>
 *
 * What is selected is shown, and not written on the page. The beginning of a name stands for all that begin so. The figures are left in {@code target/redis.json}.
 */
public final class RedisBenchmarks {

    private static final Path JSON = Path.of("target", "redis.json");
    private static final Path PAGE = Path.of("RESULTS-REDIS.md");

    private final Effort effort;
    private final Set<Case> cases = EnumSet.noneOf(Case.class);
    private final Set<Candidate> peers = EnumSet.noneOf(Candidate.class);
    private boolean beats;

    private RedisBenchmarks(Effort effort, List<String> asked) {
        this.effort = effort;
        asked.forEach(this::ask);
        if (peers.isEmpty()) {
            peers.addAll(EnumSet.allOf(Candidate.class));
        }
        if (cases.isEmpty() && !beats) {
            cases.addAll(EnumSet.allOf(Case.class));
            beats = true;
        }
    }

    private void ask(String word) {
        List<Case> meant = Stream.of(Case.values())
                .filter(what -> what.id().startsWith(word))
                .toList();
        if (!meant.isEmpty()) {
            cases.addAll(meant);
        } else if (word.equals("beat")) {
            beats = true;
        } else {
            peers.add(Candidate.of(word));
        }
    }

    /**
     * Runs what is asked for.
     *
     * @param machine where it runs, for people
     * @param asked see above
     * @throws Exception if anything fails
     */
    public static void run(String machine, List<String> asked) throws Exception {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        if (asked.equals(List.of("page"))) {
            writePage(Report.read(JSON));
            return;
        }
        Report report = measure(machine, Effort.FULL, asked);
        report.write(JSON);
        if (asked.isEmpty()) {
            writePage(report);
        }
        System.out.print(RedisPage.tables(report));
        // Whatever threads a peer has left.
        System.exit(0);
    }

    static Report measure(String machine, Effort effort, List<String> asked) throws Exception {
        return new RedisBenchmarks(effort, asked).measure(machine);
    }

    private Report measure(String machine) throws Exception {
        try (Server server = Server.open()) {
            Durations trips = server.roundTrips(effort, 0);
            Durations paced = server.roundTrips(effort, HandOverProcess.WORK_NANOS);
            Turns turns = new Turns(server, effort, List.copyOf(peers));
            List<Figure> figures = new ArrayList<>();
            for (Case what : cases) {
                System.out.println(what.label() + " ...");
                figures.addAll(turns.run(what));
            }
            double idle = beats ? new Beats(server, effort).idleCpuMillis() : Double.NaN;
            List<Beats.Figure> alive = beats ? beats(server) : List.of();
            trips.addAll(server.roundTrips(effort, 0));
            paced.addAll(server.roundTrips(effort, HandOverProcess.WORK_NANOS));
            return new Report(
                    machine,
                    server.describe(),
                    libraries(),
                    effort.describe(),
                    Report.Micros.of(trips),
                    Report.Micros.of(paced),
                    idle,
                    figures,
                    alive);
        }
    }

    private List<Beats.Figure> beats(Server server) throws Exception {
        List<Beats.Figure> alive = new ArrayList<>();
        for (Candidate peer : Beats.PEERS) {
            if (peers.contains(peer)) {
                System.out.println(peer.label() + " keeps alive ...");
                alive.add(new Beats(server, effort).measure(peer));
                server.flush();
            }
        }
        return alive;
    }

    private static String libraries() {
        return Stream.of(RedisClient.class, Redisson.class, RedisLockRegistry.class, RedisLockProvider.class)
                .map(type -> Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .getFileName()
                        .toString()
                        .replace(".jar", ""))
                .collect(Collectors.joining(", "));
    }

    private static void writePage(Report report) throws IOException {
        Files.writeString(PAGE, RedisPage.of(report));
        System.out.println("written: " + PAGE);
    }
}
