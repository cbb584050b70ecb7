package dev.objectlock.spring.boot;

import dev.objectlock.Extent;
import dev.objectlock.LockPath;
import dev.objectlock.UndoParticipant;
import org.jspecify.annotations.Nullable;

/** Knows objects that are nothing but a name. */
public final class NoState implements UndoParticipant<String> {

    /** Creates it. */
    public NoState() {}

    @Override
    public String capture(LockPath path, @Nullable Extent extent) {
        return "";
    }

    @Override
    public void restore(LockPath path, @Nullable Extent extent, String state) {}
}
