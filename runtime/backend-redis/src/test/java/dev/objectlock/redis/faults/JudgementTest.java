package dev.objectlock.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.annotation.LockMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The resource sees what is wrong, and only that; and the judge excuses what the store had a reason for, and only that. */
class JudgementTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int WORKER = 1;
    private static final int OTHER_WORKER = 2;
    private static final int ONE = WORKER * Claim.THREADS_PER_WORKER;
    private static final int OTHER = OTHER_WORKER * Claim.THREADS_PER_WORKER;

    private final Tally tally = new Tally();
    private final Resource resource = new Resource(tally);
    private final Silences silences = new Silences(TIMEOUT);
    private final long start = System.nanoTime();
    private long number;

    @Test
    void twoWhoExcludeEachOtherAreAnOverlap() {
        enter(monitor(ONE, "a"), 1);
        enter(monitor(OTHER, "a"), 2);
        assertThat(judged(Count.OVERLAPS_UNFENCED)).isEqualTo(1);
    }

    @Test
    void oneAfterTheOtherIsNone() {
        Visit first = enter(monitor(ONE, "a"), 1);
        resource.leave(first);
        enter(monitor(OTHER, "a"), 2);
        assertThat(judgedOverlaps()).isZero();
    }

    @Test
    void aTreeShutsOutWhoeverIsBelowUnlessItIsTheSameUser() {
        enter(user(ONE, "alice", true, "a"), 1);
        enter(user(OTHER, "alice", false, "a/b"), 2);
        assertThat(judgedOverlaps()).isZero();
        enter(user(OTHER, "bob", false, "a/b/c"), 3);
        assertThat(judgedOverlaps()).isEqualTo(1);
    }

    @Test
    void anotherNameThatBeginsAlikeIsAnotherObject() {
        enter(user(ONE, "alice", true, "a/arm"), 1);
        enter(user(OTHER, "bob", true, "a/arm2"), 2);
        assertThat(judgedOverlaps()).isZero();
    }

    @Test
    void anotherClientOfTheUserIsShutOutByAClient() {
        enter(new Claim(ONE, "alice", "c1", LockMode.CLIENT, true, 0, "a"), 1);
        enter(new Claim(OTHER, "alice", "c2", LockMode.MONITOR, false, 0, "a/b"), 2);
        assertThat(judged(Count.OVERLAPS_UNFENCED)).isEqualTo(1);
    }

    @Test
    void oneSlotTooManyIsAnOverlap() {
        for (int thread = 0; thread < 3; thread++) {
            enter(slot(ONE + thread, 3), thread + 1);
        }
        assertThat(judgedOverlaps()).isZero();
        enter(slot(OTHER, 3), 4);
        assertThat(judged(Count.OVERLAPS_UNFENCED)).isEqualTo(1);
    }

    @Test
    void whoComesWithAnOlderFenceIsRefusedAndIsAnOverlapEvenIfNobodyIsInsideAnyMore() {
        resource.leave(enter(monitor(OTHER, "a"), 2));
        Visit late = visit(monitor(ONE, "a"), 1);
        assertThat(resource.enter(late)).isFalse();
        assertThat(judged(Count.OVERLAPS_UNFENCED)).isEqualTo(1);
    }

    @Test
    void whoWasOvertakenWritesNoMore() {
        Visit first = enter(monitor(ONE, "a"), 1);
        assertThat(resource.write(first)).isTrue();
        enter(monitor(OTHER, "a"), 2);
        assertThat(resource.write(first)).isFalse();
        assertThat(tally.of(Count.STALE_WRITES)).isEqualTo(1);
    }

    @Test
    void whoWasOvertakenMustNotEndAsIfNothingHadHappened() {
        Visit first = enter(monitor(ONE, "a"), 1);
        enter(monitor(OTHER, "a"), 2);
        resource.ended(first, false);
        assertThat(tally.of(Count.SILENT_LOSSES)).isZero();
        resource.ended(first, true);
        assertThat(tally.of(Count.SILENT_LOSSES)).isEqualTo(1);
    }

    @Test
    void whoWasToldBeforeIsOnTheWayOut() {
        Visit first = enter(monitor(ONE, "a"), 1);
        resource.told(first);
        enter(monitor(OTHER, "a"), 2);
        assertThat(judged(Count.OVERLAPS_TOLD)).isEqualTo(1);
    }

    @Test
    void aDeadlySilenceOfTheFormerHolderIsAnExcuseAndAShortOneIsNone() {
        overlap();
        silences.add(WORKER, Silences.Cause.STOPPED, start - TIMEOUT.toNanos() / 4, System.nanoTime());
        assertThat(judged(Count.OVERLAPS_UNFENCED)).isEqualTo(1);
        silences.add(WORKER, Silences.Cause.STOPPED, start - TIMEOUT.toNanos(), System.nanoTime());
        assertThat(judged(Count.OVERLAPS_EXCUSED)).isEqualTo(1);
    }

    @Test
    void whoWasCutOffThoughItRanIsCountedApart() {
        overlap();
        silences.add(WORKER, Silences.Cause.CUT_OFF, start - TIMEOUT.toNanos(), System.nanoTime());
        assertThat(judged(Count.OVERLAPS_CUT_OFF)).isEqualTo(1);
    }

    @Test
    void oneOfManyWithSlotsMustHaveAnExcuse() {
        enter(slot(ONE, 1), 1);
        enter(slot(OTHER, 1), 2);
        assertThat(judged(Count.OVERLAPS_UNFENCED)).isEqualTo(1);
        silences.add(WORKER, Silences.Cause.STOPPED, start - TIMEOUT.toNanos(), System.nanoTime());
        assertThat(judged(Count.OVERLAPS_EXCUSED)).isEqualTo(1);
    }

    @Test
    void aSilenceOfAnotherWorkerOrALaterOneIsNoExcuse() {
        overlap();
        silences.add(OTHER_WORKER, Silences.Cause.STOPPED, start - TIMEOUT.toNanos(), System.nanoTime());
        silences.add(WORKER, Silences.Cause.STOPPED, System.nanoTime(), System.nanoTime() + TIMEOUT.toNanos());
        assertThat(judged(Count.OVERLAPS_UNFENCED)).isEqualTo(1);
    }

    @Test
    void aStoreThatWasEmptiedMeanwhileIsAnExcuseAndOneThatWasEmptiedLaterIsNone() {
        overlap();
        silences.emptied(System.nanoTime(), System.nanoTime());
        assertThat(judged(Count.OVERLAPS_UNFENCED)).isEqualTo(1);
        silences.emptied(start, System.nanoTime());
        assertThat(judged(Count.OVERLAPS_EXCUSED)).isEqualTo(1);
    }

    /** Worker 1 is overtaken. */
    private void overlap() {
        enter(monitor(ONE, "a"), 1);
        enter(monitor(OTHER, "a"), 2);
    }

    private static Claim monitor(int thread, String path) {
        return new Claim(thread, "u" + thread, "c" + thread, LockMode.MONITOR, false, 0, path);
    }

    private static Claim slot(int thread, int slots) {
        return new Claim(thread, "u" + thread, "c" + thread, LockMode.MONITOR, false, slots, "slots");
    }

    private static Claim user(int thread, String user, boolean tree, String path) {
        return new Claim(thread, user, "c" + thread, LockMode.USER, tree, 0, path);
    }

    private Visit visit(Claim claim, long fence) {
        number++;
        return new Visit(claim, number, fence, start);
    }

    private Visit enter(Claim claim, long fence) {
        Visit visit = visit(claim, fence);
        assertThat(resource.enter(visit)).isTrue();
        return visit;
    }

    /** How many more there are now of a kind. */
    private long judged(Count count) {
        long before = tally.of(count);
        resource.judge(silences);
        return tally.of(count) - before;
    }

    private long judgedOverlaps() {
        long before = overlaps();
        resource.judge(silences);
        return overlaps() - before;
    }

    private long overlaps() {
        return tally.of(Count.OVERLAPS_TOLD)
                + tally.of(Count.OVERLAPS_EXCUSED)
                + tally.of(Count.OVERLAPS_CUT_OFF)
                + tally.of(Count.OVERLAPS_UNFENCED);
    }
}
