package dev.objectlock.backend;

import dev.objectlock.Blocker;
import dev.objectlock.LockPath;

/** What a backend says to a change of scope or a move. */
public sealed interface ChangeAnswer {

    /** It is done. */
    record Done() implements ChangeAnswer {}

    /** The caller has no hold that allows it. Nothing was done. */
    record NotHeld() implements ChangeAnswer {}

    /**
     * Somebody is in the way. Nothing was done.
     *
     * @param path the object that would be in conflict
     * @param blocker who
     */
    record InTheWay(LockPath path, Blocker blocker) implements ChangeAnswer {}
}
