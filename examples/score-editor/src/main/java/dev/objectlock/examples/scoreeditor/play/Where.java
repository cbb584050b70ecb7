package dev.objectlock.examples.scoreeditor.play;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.examples.scoreeditor.edit.PartStates;
import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.util.List;
import java.util.stream.Collectors;

/** Says what a transaction changes as musicians say it: {@code alto bars 5-8}. */
final class Where {

    private Where() {}

    static String of(List<ChangedPart> parts, Score score) {
        String names = parts.size() > 1 && parts.size() == score.parts().size()
                ? "all"
                : parts.stream().map(part -> PartStates.partOf(part.path())).collect(Collectors.joining(", "));
        Extent extent = parts.get(0).extent();
        return extent == null ? names : names + " " + new Bars(extent.from(), extent.to());
    }
}
