package dev.objectlock.redis.faults;

import java.util.Comparator;
import java.util.List;

/**
 * More were inside than may be. It is judged when the run is over, since only then all is known of the faults.
 *
 * @param suspects those of whom some must have been lost: the one with the older fence, or all who have a slot
 * @param allowed how many of them may be inside
 * @param comer who came in last
 * @param at when
 * @param allTold whether no more than allowed of them had not been told that they were lost
 */
record Overlap(List<Visit> suspects, int allowed, Visit comer, long at, boolean allTold) {

    static Overlap of(List<Visit> suspects, int allowed, Visit comer, long at) {
        return new Overlap(
                suspects,
                allowed,
                comer,
                at,
                suspects.stream().filter(visit -> !visit.isTold(at)).count() <= allowed);
    }

    Count judged(Silences silences) {
        if (allTold) {
            return Count.OVERLAPS_TOLD;
        }
        List<Count> reasons = suspects.stream()
                .filter(visit -> !visit.isTold(at))
                .map(visit -> silences.excuse(visit, at))
                .toList();
        // As many as are allowed to be inside need none; they are those who have the worst.
        return reasons.stream()
                .sorted(Comparator.reverseOrder())
                .skip(allowed)
                .findFirst()
                .orElseThrow();
    }

    String say() {
        return comer + " came in, and inside were " + suspects;
    }
}
