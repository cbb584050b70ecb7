package dev.objectlock.redis.faults;

import dev.objectlock.redis.OwnRedis;
import dev.objectlock.redis.Until;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What is done to the workers and to their store, and written down where it makes a worker silent. Used by one thread. */
final class Faults {

    private static final int STEP = 20;

    /** How long one looks for a worker that is inside. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final OwnRedis redis;
    private final List<WorkerProcess> workers;
    private final Resource resource;
    private final Tally tally;
    private final Silences silences;
    private final Random random;

    Faults(
            OwnRedis redis,
            List<WorkerProcess> workers,
            Resource resource,
            Tally tally,
            Silences silences,
            Random random) {
        this.redis = redis;
        this.workers = workers;
        this.resource = resource;
        this.tally = tally;
        this.silences = silences;
        this.random = random;
    }

    /** Nothing is done to anybody until the workers have been granted so many requests more; they must never stop for long. */
    void work(int grants) {
        long begun = tally.of(Count.GRANTS);
        for (int done = STEP; done < grants + STEP; done += STEP) {
            long enough = begun + Math.min(done, grants);
            Until.so("work", () -> tally.of(Count.GRANTS) >= enough);
        }
    }

    long operations() {
        return tally.of(Count.OPERATIONS);
    }

    /** Any of them. */
    WorkerProcess someone() {
        return workers.get(random.nextInt(workers.size()));
    }

    /** Any but this one. */
    WorkerProcess someoneElse(WorkerProcess than) {
        return workers.get((than.number() + 1 + random.nextInt(workers.size() - 1)) % workers.size());
    }

    void cut(WorkerProcess worker) {
        worker.wire().cut();
    }

    void delay(WorkerProcess worker, Duration more) {
        worker.wire().delay(more);
    }

    /** Requests arrive, and replies do not. */
    void swallowReplies(WorkerProcess worker, Duration time) {
        long from = System.nanoTime();
        worker.wire().swallowReplies();
        last(time);
        heal(worker, from);
    }

    void refuse(WorkerProcess worker, Duration time) {
        long from = System.nanoTime();
        worker.wire().refuse();
        last(time);
        heal(worker, from);
    }

    private void heal(WorkerProcess worker, long from) {
        long healed = System.nanoTime();
        worker.wire().heal();
        heard(worker, Silences.Cause.CUT_OFF, from, healed);
    }

    /** A silence lasts until the worker hears something again. */
    private void heard(WorkerProcess worker, Silences.Cause why, long from, long healed) {
        Until.so(
                "worker " + worker.number() + " to hear of its store again",
                () -> worker.wire().repliedAt() > healed);
        silences.add(worker.number(), why, from, worker.wire().repliedAt());
    }

    /** Killed, and after a while there again with its data. */
    void restart(Duration down) {
        long from = System.nanoTime();
        redis.kill();
        last(down);
        redis.restart();
        storeIsBack(from);
    }

    void restartEmpty() {
        long from = System.nanoTime();
        redis.restartEmpty();
        silences.emptied(from, System.nanoTime());
        storeIsBack(from);
    }

    void freeze(Duration time) {
        long from = System.nanoTime();
        redis.freeze();
        last(time);
        redis.thaw();
        storeIsBack(from);
    }

    private void storeIsBack(long from) {
        long back = System.nanoTime();
        workers.forEach(worker -> heard(worker, Silences.Cause.CUT_OFF, from, back));
    }

    /** Stops a worker while it is inside, until it is dead for the store and somebody else has come in. */
    void pauseInside(WorkerProcess worker) {
        int number = worker.number();
        long[] from = {0};
        Until.so("worker " + number + " to be stopped inside", () -> {
            from[0] = System.nanoTime();
            worker.pause();
            last(LOOK);
            if (!resource.isBusy(number)) {
                worker.goOn();
                last(LOOK);
                return false;
            }
            return true;
        });
        Until.so("somebody to come in after worker " + number, () -> resource.isOvertaken(number));
        long goesOn = System.nanoTime();
        worker.goOn();
        heard(worker, Silences.Cause.STOPPED, from[0], goesOn);
    }

    /** How long a fault lasts is part of the fault. */
    static void last(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
