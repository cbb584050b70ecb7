package dev.objectlock.engine;

import dev.objectlock.LockEvent.HistoryChanged.Change;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoStep;

/** What becomes of the captured states of a transaction. One of both is called, once. */
interface Recorder {

    /** It is committed. What this throws has it rolled back. */
    UndoEntry record(UndoStep step);

    /** It has ended otherwise. */
    void dropped();

    /** What those are told who listen, when it is committed. */
    Change change();

    /** Whether others may take part in it. */
    boolean admitsOthers();
}
