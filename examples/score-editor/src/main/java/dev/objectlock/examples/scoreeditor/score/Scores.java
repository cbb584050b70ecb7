package dev.objectlock.examples.scoreeditor.score;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The scores that are open, by name. */
public final class Scores {

    private final Map<String, Score> scores;

    public Scores(Collection<Score> scores) {
        this.scores = scores.stream().collect(Collectors.toUnmodifiableMap(Score::name, Function.identity()));
    }

    public Score score(String name) {
        Score score = scores.get(name);
        if (score == null) {
            throw new IllegalArgumentException("no score '" + name + "' is open, only " + scores.keySet());
        }
        return score;
    }
}
