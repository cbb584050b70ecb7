package dev.objectlock.benchmarks.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Writes a report as a page, or the part of it that was measured. */
final class RedisPage {

    private static final String NOTES =
            """

            Times are the median and the 99th percentile, in µs; `rt` are round trips: the 99th percentile divided by the median
            of a PING. Pairs are acquire and release. A hand-over is from the beginning of the release in one process to the
            entry in another; all are on this machine, and read the same clock. Commands are those that clients send for each
            hand-over, and in brackets those that the server carries out, with what scripts call.

            ¹ cannot wait, and is tried again each 10 ms when it is taken. ² tries again each 100 ms, as it does by default.
            Everything else has its defaults too, but for ShedLock's safe release. Where many threads want one object, most
            peers let the one that has just given it back barge in: many pairs, and a long 99th percentile.
            """;

    private final Report report;
    private final StringBuilder page = new StringBuilder();

    private RedisPage(Report report) {
        this.report = report;
    }

    /** Writes the whole page. */
    static String of(Report report) {
        RedisPage page = new RedisPage(report);
        page.page.append(
                """
                # Results over Redis

                Written by the benchmarks themselves; do not edit. From the repository's root:

                    ./mvnw -q -Drun -pl benchmarks -am package -Dargs=redis

                """);
        page.head();
        page.page.append('\n').append(tables(report)).append(NOTES);
        return page.page.toString();
    }

    /** Writes the tables alone. */
    static String tables(Report report) {
        RedisPage page = new RedisPage(report);
        page.figures();
        page.beats();
        page.targets();
        return page.page.toString();
    }

    private void head() {
        item("Machine: " + report.machine());
        item("Server: " + report.server());
        item("Libraries: " + report.libraries());
        item("Effort: " + report.effort());
        item("PING: " + times(report.roundTrip()) + " µs one after the other, " + times(report.pacedRoundTrip())
                + " µs with 2 ms between them, as between hand-overs");
    }

    private void item(String text) {
        page.append("- ").append(text).append('\n');
    }

    private void figures() {
        List<Case> cases = new ArrayList<>();
        for (Case what : Case.values()) {
            if (report.figures().stream().anyMatch(one -> one.what() == what)) {
                cases.add(what);
            }
        }
        if (cases.isEmpty()) {
            return;
        }
        page.append("| ");
        cases.forEach(what -> page.append(headOf(what)));
        page.append("|\n| --- |");
        cases.forEach(what -> page.append(" ---: |".repeat(what.isBetweenProcesses() ? 3 : 2)));
        page.append('\n');
        for (Candidate peer : Candidate.values()) {
            if (report.figures().stream().anyMatch(one -> one.peer() == peer)) {
                page.append("| ").append(peer.label()).append(' ');
                cases.forEach(what -> page.append(cellsOf(what, find(what, peer))));
                page.append("|\n");
            }
        }
    }

    private static String headOf(Case what) {
        return what.isBetweenProcesses()
                ? "| " + what.label() + ", µs | rt | commands "
                : "| " + what.label() + ": pairs/s | µs ";
    }

    private String cellsOf(Case what, Optional<Figure> found) {
        if (found.isEmpty()) {
            return what.isBetweenProcesses() ? "| | | " : "| | ";
        }
        Figure figure = found.get();
        String times = micros(figure.p50(), figure.p99());
        return what.isBetweenProcesses()
                ? "| %s | %s | %s (%s) "
                        .formatted(times, number(roundTrips(figure)), number(figure.sent()), number(figure.executed()))
                : "| %s | %s ".formatted(number(figure.perSecond()), times);
    }

    private void beats() {
        if (report.beats().isEmpty()) {
            return;
        }
        page.append(
                "\n| kept alive | commands a minute | carried out a minute | ms of the server's processor a minute |\n");
        page.append("| --- | ---: | ---: | ---: |\n");
        page.append("| nobody | 0 | 0 | ")
                .append(number(report.idleCpuMillis()))
                .append(" |\n");
        for (Beats.Figure one : report.beats()) {
            page.append("| %s, %s holds | %s | %s | %s |\n"
                    .formatted(
                            one.peer().label(),
                            number(one.holds()),
                            number(one.sent()),
                            number(one.executed()),
                            number(one.cpuMillis())));
        }
    }

    private void targets() {
        StringBuilder rows = new StringBuilder();
        ratio(Candidate.RLOCK).ifPresent(ratio -> row(rows, "MONITOR, 8 threads: at least 2.5 times `RLock`", ratio));
        ratio(Candidate.SCRIPTS)
                .ifPresent(ratio -> row(rows, "MONITOR, 8 threads: at least 0.85 times two bare scripts", ratio));
        for (Case what : List.of(Case.TWO_PROCESSES, Case.EIGHT_PROCESSES)) {
            find(what, Candidate.MONITOR)
                    .ifPresent(
                            figure -> row(rows, what.label() + ": at most 3 round trips at p99", roundTrips(figure)));
        }
        report.beats().stream()
                .filter(one -> one.peer() == Candidate.MONITOR)
                .forEach(one -> row(rows, "kept alive: 6 commands a minute, one for each beat", one.sent()));
        if (!rows.isEmpty()) {
            page.append("\n| target | measured |\n| --- | ---: |\n").append(rows);
        }
    }

    private static void row(StringBuilder rows, String target, double measured) {
        rows.append("| ").append(target).append(" | ").append(number(measured)).append(" |\n");
    }

    /** How many times the pairs of a peer ours are. */
    private Optional<Double> ratio(Candidate peer) {
        ToDoubleFunction<Figure> pairs = Figure::perSecond;
        return find(Case.EIGHT_THREADS, Candidate.MONITOR).flatMap(ours -> find(Case.EIGHT_THREADS, peer)
                .map(theirs -> pairs.applyAsDouble(ours) / pairs.applyAsDouble(theirs)));
    }

    private double roundTrips(Figure figure) {
        return figure.p99() / report.roundTrip().p50();
    }

    private Optional<Figure> find(Case what, Candidate peer) {
        return report.figures().stream()
                .filter(one -> one.what() == what && one.peer() == peer)
                .findFirst();
    }

    private static String micros(double p50, double p99) {
        return number(p50) + " / " + number(p99);
    }

    private static String times(Report.Micros of) {
        return micros(of.p50(), of.p99());
    }

    /** Whole where there are three digits; a dash for what was not measured. */
    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "–";
        }
        return String.format(Locale.ROOT, value < 100 && value != Math.rint(value) ? "%,.1f" : "%,.0f", value);
    }
}
