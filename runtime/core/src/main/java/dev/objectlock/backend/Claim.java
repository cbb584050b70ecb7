package dev.objectlock.backend;

import dev.objectlock.Extent;
import dev.objectlock.LockPath;
import org.jspecify.annotations.Nullable;

/**
 * One hold that is asked for or held: an object and the terms.
 *
 * @param path the object
 * @param terms on what terms
 * @param extent the part of the object, or null for all of it; only with scope {@code OBJECT}
 */
public record Claim(LockPath path, Terms terms, @Nullable Extent extent) {

    /** Checks what the engine must have sorted out. */
    public Claim {
        if (extent != null && terms.isTree()) {
            throw new IllegalArgumentException("an extent is part of one object and cannot go with TREE");
        }
    }

    /**
     * Makes a claim on a whole object.
     *
     * @param path the object
     * @param terms on what terms
     */
    public Claim(LockPath path, Terms terms) {
        this(path, terms, null);
    }

    /**
     * Returns the same claim on an object at another path.
     *
     * @param moved the path
     * @return the changed copy
     */
    public Claim at(LockPath moved) {
        return new Claim(moved, terms, extent);
    }

    /**
     * Returns whether some object, or some part of one, is covered by both.
     *
     * @param other the other claim
     * @return true if they overlap
     */
    public boolean overlaps(Claim other) {
        if (path.equals(other.path)) {
            return extent == null || other.extent == null || extent.overlaps(other.extent);
        }
        return terms.isTree() && path.isAtOrAbove(other.path) || other.terms.isTree() && other.path.isAtOrAbove(path);
    }

    /**
     * Returns whether everything that the other covers is covered by this one too.
     *
     * @param other the other claim
     * @return true if nothing of it is outside
     */
    public boolean covers(Claim other) {
        if (!path.equals(other.path)) {
            return terms.isTree() && path.isAtOrAbove(other.path);
        }
        return (terms.isTree() || !other.terms().isTree())
                && (extent == null || other.extent != null && extent.contains(other.extent));
    }
}
