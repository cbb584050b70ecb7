package dev.objectlock.benchmarks.redis;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a case for all peers in turns. In each round another one begins; each has the server to itself, with connections that
 * are opened for the turn, and finds it empty.
 */
final class Turns {

    /** One turn of one peer. */
    @FunctionalInterface
    private interface Turn {
        Figure.Round run(Candidate peer) throws Exception;
    }

    private final Server server;
    private final Effort effort;
    private final List<Candidate> peers;

    Turns(Server server, Effort effort, List<Candidate> peers) {
        this.server = server;
        this.effort = effort;
        this.peers = peers;
    }

    List<Figure> run(Case what) throws Exception {
        if (!what.isBetweenProcesses()) {
            return rounds(what, one -> pairs(what, one));
        }
        try (HandOvers processes = new HandOvers(server, what.workers(), effort)) {
            return rounds(what, processes::run);
        }
    }

    private Figure.Round pairs(Case what, Candidate one) throws Exception {
        try (Peer peer = one.open(server.uri())) {
            Durations pairs = new PairLoad(peer, what.workers(), what == Case.ONE_OBJECT, effort).run();
            return new Figure.Round(pairs, effort.measure().toMillis() / 1e3, Double.NaN, Double.NaN);
        }
    }

    private List<Figure> rounds(Case what, Turn turn) throws Exception {
        Map<Candidate, List<Figure.Round>> rounds = new EnumMap<>(Candidate.class);
        for (int round = 0; round <= effort.rounds(); round++) {
            for (int i = 0; i < peers.size(); i++) {
                Candidate one = peers.get((i + round * peers.size() / effort.rounds()) % peers.size());
                Figure.Round result = turn.run(one);
                server.flush();
                // In the first round everything is compiled.
                if (round > 0) {
                    rounds.computeIfAbsent(one, first -> new ArrayList<>()).add(result);
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        rounds.forEach((one, all) -> figures.add(Figure.of(what, one, all)));
        return figures;
    }
}
