package dev.objectlock.examples.scoreeditor.play;

import dev.objectlock.ChangedPart;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.ObjectLocks;
import dev.objectlock.TransactionInfo;
import dev.objectlock.UndoEntry;
import dev.objectlock.examples.scoreeditor.edit.PartStates;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What can happen in the play, one thing after the other, and how the timeline tells it: with the names and bars that the framework
 * knows, not with what the play meant to do.
 */
final class Stage {

    private static final long PAUSE_NANOS = 100_000;

    private final ObjectLocks locks;
    private final LockTransactions transactions;
    private final Score score;
    private final LockPath root;
    private final Player player;
    private final Timeline timeline;

    Stage(ObjectLocks locks, Score score, Player player, Timeline timeline) {
        this.locks = locks;
        this.transactions = locks.transactions();
        this.score = score;
        this.root = PartStates.path(score.name());
        this.player = player;
        this.timeline = timeline;
    }

    void heading(String text) {
        timeline.heading(text);
    }

    void tell(String who, String verb, String text) {
        timeline.row(System.nanoTime(), who, verb, "", text);
    }

    /** Somebody begins an edit, which stops at a bar until it is {@link #ends ended}. */
    Task begins(Person who, long bar, Task.Deed deed) {
        return begins(who, bar, deed, "is at bar " + bar);
    }

    /** The same, and the timeline says what they are about. */
    Task begins(Person who, long bar, Task.Deed deed, String remark) {
        Task task = who.begin(bar, deed);
        task.awaitStop();
        TransactionInfo open = openOf(who).orElseThrow();
        timeline.row(System.nanoTime(), who.name(), "begins", where(open.parts()), open.name() + ": " + remark);
        return task;
    }

    /** Somebody begins an edit, which has to wait for others; it will stop at a bar as well. */
    Task waits(Person who, String part, long bar, Task.Deed deed) {
        Task task = who.begin(bar, deed);
        LockPath path = PartStates.path(score.name(), part);
        HoldInfo waiter = found(who.name() + " in the line", () -> locks.status(path).waiters().stream()
                .filter(waiting -> who.is(waiting.owner()))
                .findFirst());
        ChangedPart wanted = new ChangedPart(path, waiter.extent());
        TransactionInfo inTheWay = transactions.open().stream()
                .filter(open -> open.parts().stream().anyMatch(wanted::overlaps))
                .findFirst()
                .orElseThrow();
        timeline.row(
                System.nanoTime(),
                who.name(),
                "waits",
                where(List.of(wanted)),
                "for " + inTheWay.owner().name() + "'s \"" + inTheWay.name() + "\"");
        task.setSeenWaiting();
        return task;
    }

    /** An edit goes on to its end. */
    void ends(Person who, Task task) {
        task.goOn();
        try {
            task.awaitEnd();
        } catch (RuntimeException failed) {
            timeline.row(task.ended(), who.name(), "fails", "", String.valueOf(failed.getMessage()));
            return;
        }
        UndoEntry entry = transactions.undoable(root).stream()
                .filter(change -> who.is(change.owner()))
                .findFirst()
                .orElseThrow();
        String waited = task.isSeenWaiting() ? " (got in after " + Timeline.text(task.waited()) + ")" : "";
        timeline.row(task.ended(), who.name(), "done", where(entry.parts()), entry.name() + waited);
    }

    void does(Person who, Task.Deed deed) {
        ends(who, who.begin(0, deed));
    }

    void playerReads(int bars) {
        player.awaitBars(bars);
        tell("player", "reads", bars + " bars meanwhile");
    }

    void undoes(Person who) {
        step(who, "undoes", () -> transactions.undo(root));
    }

    void redoes(Person who) {
        step(who, "redoes", () -> transactions.redo(root));
    }

    private void step(Person who, String verb, Supplier<Optional<UndoEntry>> way) {
        AtomicReference<@Nullable UndoEntry> found = new AtomicReference<>();
        Task task = who.begin(0, progress -> found.set(way.get().orElse(null)));
        task.awaitEnd();
        UndoEntry entry = found.get();
        if (entry == null) {
            timeline.row(task.ended(), who.name(), verb, "", "nothing, as there is nothing left");
        } else {
            String whose = entry.name() + ", by " + entry.owner().name();
            timeline.row(task.ended(), who.name(), verb, where(entry.parts()), whose);
        }
    }

    /** What the Edit menu of all editors shows. */
    void menu() {
        tell(
                "",
                "menu",
                transactions.undoable(root).stream()
                                .findFirst()
                                .map(top -> "Undo " + top.name())
                                .orElse("nothing to undo")
                        + "; "
                        + transactions.redoable(root).stream()
                                .findFirst()
                                .map(top -> "Redo " + top.name())
                                .orElse("nothing to redo"));
    }

    boolean isNothingLocked() {
        return locks.list(root).isEmpty() && transactions.open().isEmpty();
    }

    private Optional<TransactionInfo> openOf(Person who) {
        return transactions.open().stream().filter(open -> who.is(open.owner())).findFirst();
    }

    private String where(List<ChangedPart> parts) {
        return Where.of(parts, score);
    }

    private static <T> T found(String what, Supplier<Optional<T>> look) {
        long latest = System.nanoTime() + Task.PATIENCE.toNanos();
        Optional<T> seen = look.get();
        while (seen.isEmpty()) {
            if (System.nanoTime() - latest > 0) {
                throw new IllegalStateException(what + " was not seen in " + Task.PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            seen = look.get();
        }
        return seen.get();
    }
}
