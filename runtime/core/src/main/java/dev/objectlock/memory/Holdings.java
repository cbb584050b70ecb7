package dev.objectlock.memory;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTime;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The holds of one tree as they come and go: granted, taken again, widened, used by running calls, and over. Guarded by the
 * mutex of the tree.
 */
final class Holdings extends TreeHolds {

    private final Tree tree;
    private final MemoryLockBackend backend;

    /** The time of the operation that is going on, read once: within it nothing is over at one place and not at another. */
    private long now;

    /** How many kept holds have a lease; without any, no call needs to look for the ones it uses. */
    private int leased;

    /** How many holds were cleared away because they were met when they were over; the line is then looked at again. */
    private int clearedAway;

    Holdings(Tree tree, MemoryLockBackend backend) {
        this.tree = tree;
        this.backend = backend;
    }

    /** Begins an operation at a time. */
    void at(long nanoTime) {
        now = nanoTime;
    }

    long now() {
        return now;
    }

    int clearedAway() {
        return clearedAway;
    }

    /** What is over is cleared away wherever it is met. */
    void clearIfOver(KeptHeld held) {
        if (!held.isEnded() && held.isLeaseOver(now)) {
            HoldInfo info = held.info(time());
            endKept(held);
            clearedAway++;
            backend.announce(Ending.EXPIRED.event(List.of(info), time().now()));
        }
    }

    /** The owner's kept holds that cover an object. */
    List<KeptHeld> keptCovering(LockPath path, LockOwner owner) {
        List<KeptHeld> covering = new ArrayList<>(2);
        forEachKeptCovering(path, owner, covering::add);
        covering.forEach(this::clearIfOver);
        covering.removeIf(KeptHeld::isEnded);
        return covering;
    }

    boolean hasLeases() {
        return leased > 0;
    }

    void end(ScopedHeld held) {
        held.ended = true;
        held.endUse(now);
        remove(held);
    }

    /** Finds a hold that conflicts with a claim; what is over is cleared away when it is met. */
    @Nullable
    Held conflict(Claim claim, LockOwner owner, Search search) {
        Held found = find(claim, owner, search);
        while (found instanceof KeptHeld kept && kept.isLeaseOver(now)) {
            clearIfOver(kept);
            found = find(claim, owner, search);
        }
        return found;
    }

    /** One per object, mode and owner (and extent, if narrowed). */
    @Nullable
    KeptHeld sameKept(Claim claim, LockOwner owner) {
        KeptHeld[] same = {null};
        forEachKeptOn(claim.path(), owner, held -> {
            if (held.terms().mode() == claim.terms().mode() && Objects.equals(held.claim.extent(), claim.extent())) {
                same[0] = held;
            }
        });
        KeptHeld found = same[0];
        if (found != null) {
            clearIfOver(found);
        }
        return found == null || found.isEnded() ? null : found;
    }

    /** Makes, renews or widens what a request asks for, after it has been judged. */
    Answer grant(MemoryProcess process, Ask ask) {
        long fence = 0;
        ScopedHeld scoped = null;
        List<Answer.Kept> kept = List.of();
        List<HoldInfo> announced = List.of();
        for (int i = 0; i < ask.claims().size(); i++) {
            Claim claim = ask.claims().get(i);
            Terms terms = claim.terms();
            if (!terms.kept()) {
                fence = fence == 0 ? backend.fences().next(tree.root) : fence;
                scoped = new ScopedHeld(tree, process, ask, i, fence, now, scoped);
                add(scoped);
                continue;
            }
            KeptHeld same = sameKept(claim, ask.owner());
            boolean enough = same != null && same.terms().includes(terms);
            if (!enough) {
                fence = fence == 0 ? backend.fences().next(tree.root) : fence;
            }
            KeptHeld held = same == null
                    ? create(process, ask, i, fence)
                    : again(process, same, claim, ask.owner(), enough, fence);
            kept = kept.isEmpty() ? new ArrayList<>(2) : kept;
            kept.add(new Answer.Kept(held, held.fence, same == null));
            if (!enough) {
                announced = announced.isEmpty() ? new ArrayList<>(2) : announced;
                announced.add(held.info(time()));
            }
        }
        if (scoped != null && leased > 0) {
            markUse(scoped, ask.owner());
        }
        if (!announced.isEmpty()) {
            backend.announce(new LockEvent.Acquired(List.copyOf(announced), time().now()));
        }
        Answer.Granted granted = new Answer.Granted(fence == 0 ? kept.get(0).fence() : fence, kept);
        if (scoped != null) {
            scoped.granted = granted;
        }
        ask.attach(scoped != null ? scoped : granted);
        return granted;
    }

    /** What one hold will be that several claims of a request make together. */
    static Claim withOthersOnSame(Claim claim, List<Claim> all) {
        Claim together = claim;
        for (Claim other : all) {
            Terms had = together.terms();
            if (other.terms().kept()
                    && other.terms().mode() == had.mode()
                    && other.path().equals(claim.path())
                    && Objects.equals(other.extent(), claim.extent())
                    && !had.includes(other.terms())) {
                together = KeptHeld.union(together, other);
            }
        }
        return together;
    }

    private KeptHeld create(MemoryProcess process, Ask ask, int part, long fence) {
        KeptHeld held = new KeptHeld(process, ask, part, fence, now);
        add(held);
        backend.clients().add(held);
        startLease(held);
        return held;
    }

    /** Calls of the owner that are running on what a hold covers, or all around it, use it from the start. */
    private void startLease(KeptHeld held) {
        if (held.hasLease()) {
            leased++;
            forEachScopedMeeting(held, running -> running.use(held));
        }
    }

    private KeptHeld again(
            MemoryProcess process, KeptHeld held, Claim asked, LockOwner owner, boolean enough, long fence) {
        leased -= held.hasLease() ? 1 : 0;
        if (!enough) {
            remove(held);
            held.widen(asked, fence);
            add(held);
        }
        held.renew(asked.terms().lease(), now);
        backend.clients().takenAgain(process, held, owner);
        startLease(held);
        return held;
    }

    private void markUse(ScopedHeld first, LockOwner owner) {
        for (ScopedHeld held = first; held != null; held = held.next) {
            ScopedHeld call = held;
            Consumer<KeptHeld> use = kept -> {
                if (kept.hasLease()) {
                    call.use(kept);
                }
            };
            keptCovering(held.claim.path(), owner).forEach(use);
            if (held.terms().isTree()) {
                // Calls further down may join this one, and the store does not hear of them.
                List<KeptHeld> below = new ArrayList<>(2);
                forEachKeptBelow(held.claim.path(), owner, below::add);
                below.forEach(this::clearIfOver);
                below.removeIf(KeptHeld::isEnded);
                below.forEach(use);
            }
        }
    }

    void endKept(KeptHeld held) {
        held.end();
        remove(held);
        leased -= held.hasLease() ? 1 : 0;
        backend.clients().remove(held);
    }

    private LockTime time() {
        return backend.time();
    }
}
