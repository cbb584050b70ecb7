package dev.objectlock;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * Knows the state of objects that transactions change: captures it before a change, and puts it back when the change fails or is
 * undone. The object whose methods are transactions may be its own participant; else one is {@linkplain
 * LockTransactions#participant registered} for its path.
 *
 * <p>It is called while the transaction has the extent for itself, without locks: what it calls takes none, waits for nothing
 * and makes no undo step of its own. It may be called on any thread, and for different extents at the same time.
 *
 * @param <S> the state, which must not change when the object does: a copy
 */
public interface UndoParticipant<S> {

    /**
     * Copies the state of an extent.
     *
     * @param path the object
     * @param extent the part of the object, or null for all of it
     * @return its state, never null
     */
    S capture(LockPath path, @Nullable Extent extent);

    /**
     * Puts a state back: afterwards the extent is as it was when that was captured, whatever is there now.
     *
     * @param path the object, where it is now
     * @param extent the part of the object, or null for all of it
     * @param state what {@link #capture} returned, to be used again later; not to be changed
     */
    void restore(LockPath path, @Nullable Extent extent, S state);

    /**
     * Returns about how much memory a state takes, so that the history does not grow without bound.
     *
     * @param state what {@link #capture} returned
     * @return bytes; by default those of an array of primitives or of text, and for anything else 0, so that the number of steps
     *     alone is the bound
     */
    default long bytes(S state) {
        if (state instanceof CharSequence text) {
            return 2L * text.length();
        }
        Class<?> type = state.getClass().getComponentType();
        if (type == null || !type.isPrimitive()) {
            return 0;
        }
        int each = type == long.class || type == double.class
                ? Long.BYTES
                : type == int.class || type == float.class
                        ? Integer.BYTES
                        : type == short.class || type == char.class ? Short.BYTES : Byte.BYTES;
        return (long) each * Array.getLength(state);
    }
}
