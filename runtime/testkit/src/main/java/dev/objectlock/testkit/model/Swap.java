package dev.objectlock.testkit.model;

import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.UndoEntry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A player undoes or redoes the last step, or one that a menu shows. */
final class Swap {

    private final LockTransactions transactions;
    private final Player player;
    private final Dice dice;
    private final Judge judge;

    Swap(TransactionHistory game, Player player, Dice dice, Judge judge) {
        this.transactions = game.locks().transactions();
        this.player = player;
        this.dice = dice;
        this.judge = judge;
    }

    void play() {
        LockPath root = dice.root();
        Attempt attempt = player.attempt(root, true);
        boolean undo = dice.chance(60);
        List<UndoEntry> menu = undo ? transactions.undoable(root) : transactions.redoable(root);
        UndoEntry shown = menu.isEmpty() || dice.chance(60) ? null : menu.get(dice.below(Math.min(2, menu.size())));
        Long done = null;
        Throwable thrown = null;
        judge.asks(attempt);
        try {
            done = attempt.capturing(() -> shown == null ? swap(root, undo) : swap(shown, undo));
        } catch (RuntimeException failed) {
            thrown = failed;
        }
        if (thrown != null) {
            judge.notSwapped(attempt, player.open(), thrown);
        } else {
            judge.swapped(attempt, done);
        }
    }

    private @Nullable Long swap(LockPath root, boolean undo) {
        Optional<UndoEntry> done = undo ? transactions.undo(root) : transactions.redo(root);
        return done.map(UndoEntry::id).orElse(null);
    }

    private @Nullable Long swap(UndoEntry shown, boolean undo) {
        return (undo ? transactions.undo(shown) : transactions.redo(shown)) ? Long.valueOf(shown.id()) : null;
    }
}
