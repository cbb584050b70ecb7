package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a player leaves to chance. */
final class Dice {

    private final Random random;

    Dice(long seed) {
        this.random = new Random(seed);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    long seed() {
        return random.nextLong();
    }

    Duration time(int belowSeconds) {
        return Duration.ofMillis(random.nextInt(1000 * belowSeconds));
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    LockPath root() {
        return one(Rows.PATHS).root();
    }

    /** One or two that do not overlap. */
    List<ChangedPart> parts(LockPath root) {
        List<LockPath> paths =
                Rows.PATHS.stream().filter(path -> path.root().equals(root)).toList();
        List<ChangedPart> parts = new ArrayList<>();
        int wanted = chance(70) ? 1 : 2;
        while (parts.size() < wanted) {
            ChangedPart part = new ChangedPart(one(paths), extent());
            if (parts.stream().noneMatch(part::overlaps)) {
                parts.add(part);
            } else {
                wanted--;
            }
        }
        return parts;
    }

    private @Nullable Extent extent() {
        if (chance(8)) {
            return null;
        }
        int from = random.nextInt(Rows.LENGTH);
        return new Extent(from, from + 1 + random.nextInt(Math.min(5, Rows.LENGTH - from)));
    }
}
