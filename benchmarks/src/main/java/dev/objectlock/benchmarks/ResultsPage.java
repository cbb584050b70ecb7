package dev.objectlock.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes figures as a page of tables, each beside its peer in the same run. */
final class ResultsPage {

    private final List<Result> results;
    private final StringBuilder page = new StringBuilder();

    private ResultsPage(List<Result> results) {
        this.results = results;
    }

    /**
     * Writes a page.
     *
     * @param results what was measured
     * @param machine where
     * @param keptHold what {@link KeptHoldSize} printed
     * @return Markdown
     */
    static String of(List<Result> results, String machine, String keptHold) {
        return new ResultsPage(results).write(machine, keptHold);
    }

    private String write(String machine, String keptHold) {
        page.append(
                """
                # Results

                Written by the benchmarks themselves; do not edit. From the repository's root:

                    ./mvnw -q -Drun -pl benchmarks -am package

                """);
        page.append("- Machine: ").append(machine).append('\n');
        results.stream()
                .map(Result::effort)
                .collect(Collectors.toCollection(TreeSet::new))
                .forEach(effort -> page.append("- JMH: ").append(effort).append('\n'));
        page.append(
                """

                The ratios compare a figure, and its bytes, with those of the peer: below 1 is faster where the unit is
                ns/op, above 1 is faster where it is ops/ms.

                ## KeptHoldSize

                """);
        page.append(keptHold.strip()).append(" (target: at most 300)\n");
        Map<String, List<Result>> byType = results.stream()
                .collect(Collectors.groupingBy(Result::outerType, LinkedHashMap::new, Collectors.toList()));
        byType.forEach(this::table);
        return page.toString();
    }

    private void table(String type, List<Result> rows) {
        page.append("\n## ").append(type).append("\n\n| benchmark | ");
        page.append(rows.get(0).unit());
        page.append(" | ± | B/op | peer | ratio | bytes ratio | target |\n");
        page.append("| --- | ---: | ---: | ---: | --- | ---: | ---: | --- |\n");
        rows.forEach(this::row);
    }

    private void row(Result row) {
        page.append("| ").append(row.label());
        cell(figure(row.score()));
        cell(figure(row.error()));
        cell(figure(row.bytes()));
        Against against = row.against().orElse(null);
        Result peer = against == null ? null : peer(row, against.value());
        cell(peer == null || against == null ? "" : against.value());
        cell(peer == null ? "" : figure(row.score() / peer.score()));
        cell(peer == null ? "" : figure(row.bytes() / peer.bytes()));
        cell(peer == null || against == null ? "" : against.target());
        page.append(" |\n");
    }

    private @org.jspecify.annotations.Nullable Result peer(Result row, String named) {
        return results.stream()
                .filter(other -> !other.equals(row) && row.isPeer(other, named))
                .findFirst()
                .orElse(null);
    }

    private void cell(String text) {
        page.append(" | ").append(text);
    }

    /** Three digits; nothing for what was not measured. */
    private static String figure(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "";
        }
        int digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
