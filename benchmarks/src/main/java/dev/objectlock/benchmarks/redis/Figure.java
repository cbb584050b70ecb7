package dev.objectlock.benchmarks.redis;

import java.util.List;

/**
 * What was measured of one peer in one case, in all rounds together.
 *
 * @param what the case
 * @param peer the peer
 * @param count how many pairs, or hand-overs between processes
 * @param perSecond how many in a second: the median of the rounds
 * @param perSecondOfRounds the same in each round
 * @param p50 half of them took no longer, in microseconds
 * @param p99 all but one in a hundred took no longer, in microseconds
 * @param sent commands that were sent for each hand-over; not a number if that was not counted
 * @param executed commands that the server carried out for each, those that scripts call included
 */
record Figure(
        Case what,
        Candidate peer,
        int count,
        double perSecond,
        List<Double> perSecondOfRounds,
        double p50,
        double p99,
        double sent,
        double executed) {

    /** Puts the rounds together. */
    static Figure of(Case what, Candidate peer, List<Round> rounds) {
        Durations all = new Durations();
        rounds.forEach(round -> all.addAll(round.durations()));
        return new Figure(
                what,
                peer,
                all.count(),
                median(rounds.stream().map(Round::perSecond).toList()),
                rounds.stream().map(Round::perSecond).toList(),
                all.micros(0.5),
                all.micros(0.99),
                rounds.stream().mapToDouble(Round::sent).average().orElse(Double.NaN),
                rounds.stream().mapToDouble(Round::executed).average().orElse(Double.NaN));
    }

    private static double median(List<Double> rounds) {
        return rounds.isEmpty() ? Double.NaN : rounds.stream().sorted().toList().get(rounds.size() / 2);
    }

    /**
     * One turn.
     *
     * @param durations of all pairs, or hand-overs
     * @param seconds how long it was measured
     * @param sent as in the figure
     * @param executed as in the figure
     */
    record Round(Durations durations, double seconds, double sent, double executed) {

        double perSecond() {
            return durations.count() / seconds;
        }
    }
}
