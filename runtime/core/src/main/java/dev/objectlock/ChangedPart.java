package dev.objectlock;

import org.jspecify.annotations.Nullable;

/**
 * What a transaction changes of one object.
 *
 * @param path the object
 * @param extent the part of the object, or null for all of it
 */
public record ChangedPart(LockPath path, @Nullable Extent extent) {

    /**
     * Returns whether some position is in both.
     *
     * @param other the other part
     * @return true if they are of the same object and overlap
     */
    public boolean overlaps(ChangedPart other) {
        return path.equals(other.path) && (extent == null || other.extent == null || extent.overlaps(other.extent));
    }

    /**
     * Returns whether every position of the other is in this one.
     *
     * @param other the other part
     * @return true if nothing of it is outside
     */
    public boolean covers(ChangedPart other) {
        return path.equals(other.path) && (extent == null || other.extent != null && extent.contains(other.extent));
    }

    /**
     * Returns the same part of an object at another path.
     *
     * @param moved the path
     * @return the changed copy
     */
    public ChangedPart at(LockPath moved) {
        return new ChangedPart(moved, extent);
    }

    /**
     * Says it for people.
     *
     * @return for instance {@code score:7/part:1 [0, 100)}
     */
    @Override
    public String toString() {
        return extent == null ? path.toString() : path + " " + extent;
    }
}
