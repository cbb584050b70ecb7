package dev.objectlock.engine;

import dev.objectlock.LockEvent.HistoryChanged.Change;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoStep;

/** What becomes of the captured states when a transaction is committed. */
interface Recorder {

    /** Notes them; what this throws has the transaction rolled back. */
    UndoEntry record(UndoStep step);

    /** What those are told who listen. */
    Change change();
}
