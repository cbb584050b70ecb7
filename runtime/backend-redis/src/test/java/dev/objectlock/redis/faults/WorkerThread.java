package dev.objectlock.redis.faults;

import dev.objectlock.ClientSession;
import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockDeadlockException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Takes locks in random ways, goes to the resource with each, and survives whatever happens, until it is told to stop. */
final class WorkerThread implements Runnable {

    private static final Duration LONG_WORK = Duration.ofMillis(40);
    private static final Duration SHORT_WORK = Duration.ofMillis(1);

    /** Who cannot reach the store tries again a little later. */
    private static final Duration AGAIN = Duration.ofMillis(20);

    private final ObjectLocks locks;
    private final Talk news;
    private final Talk resource;
    private final int thread;
    private final Random random;
    private final Duration lease;

    /** Of a user whom several processes have. */
    private final ReopenedSession shared;

    /** Of a user of this thread alone: another thread of the user would end what this one keeps. */
    private final ReopenedSession own;

    private long last;

    WorkerThread(WorkerSetup setup, int index, ObjectLocks locks, Talk news) {
        this.locks = locks;
        this.news = news;
        this.thread = setup.number() * Claim.THREADS_PER_WORKER + index;
        this.resource = new Talk(setup.resourcePort(), "thread " + thread);
        this.random = new Random(setup.seed() * 1_000 + thread);
        this.lease = setup.processTimeout().multipliedBy(3);
        this.shared = new ReopenedSession(locks, "u" + (setup.number() + index) % 2);
        this.own = new ReopenedSession(locks, "t" + thread);
    }

    @Override
    public void run() {
        try (resource) {
            while (resource.say("next").equals("go")) {
                step();
            }
            shared.close();
            own.close();
        } catch (Talk.RunOver over) {
            // Nobody is there any more who counts.
        }
    }

    private void step() {
        Want want = Want.random(random, lease);
        ReopenedSession of = want.request().isKept() ? own : shared;
        try {
            ClientSession session = of.open();
            session.run(() -> visit(want, session.owner(), true));
        } catch (LockAuthenticationException ended) {
            resource.say("failed session");
        } catch (LockBackendException unreachable) {
            resource.say("failed " + said(unreachable));
            last(AGAIN);
        } catch (Talk.RunOver over) {
            throw over;
        } catch (RuntimeException wrong) {
            news.say("wrong " + said(wrong));
        }
    }

    /** Takes it, goes in, and gives it back; the resource is told of every end. */
    private void visit(Want want, LockOwner owner, boolean outermost) {
        Visiting visiting = new Visiting(resource, ++last);
        try {
            if (want.asCall()) {
                locks.run(want.request(), () -> inside(visiting, want, owner, Hold.current(), outermost));
                visiting.ended("held");
            } else {
                visiting.ended(held(visiting, want, owner, outermost));
            }
        } catch (LockBusyException | LockDeadlockException busy) {
            visiting.ended("busy");
        } catch (LockLostException lost) {
            visiting.ended("lost");
        } catch (LockBackendException unreachable) {
            visiting.ended(said(unreachable));
            last(AGAIN);
        } catch (LockAuthenticationException ended) {
            visiting.ended("session");
        } catch (Talk.RunOver over) {
            throw over;
        } catch (RuntimeException wrong) {
            visiting.ended("wrong");
            news.say("wrong " + said(wrong));
        }
    }

    private String held(Visiting visiting, Want want, LockOwner owner, boolean outermost) {
        Hold hold = locks.acquire(want.request());
        try {
            inside(visiting, want, owner, hold, outermost);
        } catch (RuntimeException failed) {
            hold.close();
            throw failed;
        }
        return switch (hold.release()) {
            case RELEASED -> "held";
            case LOST, NOT_HELD -> "lost";
            case NOT_YOURS, COVERED_BY -> throw new IllegalStateException("a release by hold found another hold");
        };
    }

    private void inside(Visiting visiting, Want want, LockOwner owner, Hold hold, boolean outermost) {
        hold.onLost(loss -> news.say("lost " + thread + " " + visiting.number() + " " + loss.reason()));
        if (visiting.enter(hold.fence(), want.claim(thread, owner))) {
            visiting.write();
            work();
            if (outermost && random.nextInt(4) == 0) {
                nested(want, owner);
            }
            visiting.write();
        }
        // Nothing in between throws but the end of the run: the hold is given back after this.
        visiting.leave();
    }

    /** Under another root, so that this visit is never one with the outer one. */
    private void nested(Want outer, LockOwner owner) {
        Want want = Want.random(random, lease);
        boolean otherRoot = !want.path().rootName().equals(outer.path().rootName());
        if (otherRoot && !want.request().isKept() && resource.say("next").equals("go")) {
            visit(want, owner, false);
        }
    }

    private void work() {
        int dice = random.nextInt(50);
        if (dice == 0) {
            last(LONG_WORK);
        } else if (dice < 10) {
            last(SHORT_WORK);
        }
    }

    private static void last(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    private static String said(LockBackendException unreachable) {
        return unreachable.isOutcomeKnown() ? "known" : "unknown";
    }

    private static String said(RuntimeException wrong) {
        StackTraceElement[] where = wrong.getStackTrace();
        return wrong + (where.length == 0 ? "" : " at " + where[0]);
    }
}
