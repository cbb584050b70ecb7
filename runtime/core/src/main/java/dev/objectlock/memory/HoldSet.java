package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.backend.Claim;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Some holds of one tree, that can be asked whether one of them conflicts with a claim.
 *
 * <p>While they are few it looks at each; from then on it counts them by kind, user and client, so that the answer does
 * not depend on how many there are.
 */
final class HoldSet {

    /** Up to here looking at each is faster than counting. */
    static final int FEW = 8;

    private static final Held[] NONE = {};

    private Held[] few = NONE;
    private int size;
    private @Nullable Tally tally;

    boolean isEmpty() {
        return size == 0;
    }

    void add(Held held) {
        size++;
        if (tally != null) {
            tally.add(held);
        } else if (size <= FEW) {
            if (few.length < size) {
                few = Arrays.copyOf(few, size == 1 ? 1 : Math.min(FEW, size * 2));
            }
            few[size - 1] = held;
        } else {
            tally = new Tally();
            for (Held one : few) {
                tally.add(one);
            }
            few = NONE;
            tally.add(held);
        }
    }

    void remove(Held held) {
        if (tally == null) {
            int at = 0;
            while (few[at] != held) {
                at++;
            }
            size--;
            System.arraycopy(few, at + 1, few, at, size - at);
            few[size] = null;
            return;
        }
        tally.remove(held);
        size--;
        if (size <= FEW / 2) {
            Held[] back = new Held[FEW];
            int[] next = {0};
            tally.forEach(one -> back[next[0]++] = one);
            few = back;
            tally = null;
        }
    }

    /**
     * Finds a hold that conflicts with a claim on some object.
     *
     * @param place where these holds are, seen from the claim's object
     */
    @Nullable
    Held conflict(Claim claim, LockOwner owner, Search search, Place place) {
        if (size == 0) {
            return null;
        }
        if (tally != null) {
            return tally.conflict(claim, owner, search, place);
        }
        for (int i = 0; i < size; i++) {
            Held held = few[i];
            if (search.admits(held, owner) && held.conflictsWith(claim, owner)) {
                return held;
            }
        }
        return null;
    }

    void forEach(Consumer<Held> visitor) {
        if (tally != null) {
            tally.forEach(visitor);
            return;
        }
        for (int i = 0; i < size; i++) {
            visitor.accept(few[i]);
        }
    }

    /** Visits the kept holds here that belong to an owner, and perhaps more. */
    void forEachKeptOf(LockOwner owner, Consumer<KeptHeld> visitor) {
        if (tally != null) {
            tally.forEachKeptOf(owner, visitor);
            return;
        }
        for (int i = 0; i < size; i++) {
            if (few[i] instanceof KeptHeld kept && kept.belongsTo(owner)) {
                visitor.accept(kept);
            }
        }
    }

    /** Visits the scoped holds here of an owner's user. */
    void forEachScopedOf(LockOwner owner, Consumer<ScopedHeld> visitor) {
        if (tally != null) {
            tally.forEachScopedOf(owner, visitor);
            return;
        }
        for (int i = 0; i < size; i++) {
            if (few[i] instanceof ScopedHeld scoped && isOf(scoped, owner)) {
                visitor.accept(scoped);
            }
        }
    }

    static boolean isOf(ScopedHeld scoped, LockOwner owner) {
        return scoped.owner().isSameUser(owner) || scoped.owner().isSameFlow(owner);
    }

    /** How many slots of a counting lock are taken here. */
    int slots() {
        if (tally != null) {
            return tally.slots();
        }
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += few[i].terms().isSlot() ? 1 : 0;
        }
        return count;
    }

    /** One who has a slot here, a running call if there is one; null if there is none. */
    @Nullable
    Held slot() {
        if (tally != null) {
            return tally.slot();
        }
        Held found = null;
        for (int i = 0; i < size; i++) {
            found = eitherSlot(found, few[i]);
        }
        return found;
    }

    static @Nullable Held eitherSlot(@Nullable Held one, Held other) {
        return other.terms().isSlot() && (one == null || one.isKept() && !other.isKept()) ? other : one;
    }

    /** Where a set of holds is, seen from the object of a claim. */
    enum Place {
        ON,
        ABOVE,
        BELOW
    }

    /** Which holds are looked for. */
    enum Search {
        /** All that conflict. */
        ANY,
        /** Only kept ones. */
        KEPT,
        /** All that conflict and are not the asker's own, as a guard wants to know. */
        NOT_OWN;

        boolean admits(Held held, LockOwner owner) {
            return switch (this) {
                case ANY -> true;
                case KEPT -> held.isKept();
                case NOT_OWN -> !held.belongsTo(owner);
            };
        }
    }
}
