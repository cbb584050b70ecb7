package dev.objectlock.weave;

import dev.objectlock.SurroundingTransactions;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A database transaction that a stage was begun in: what is to be done after both may be said on any thread, while the
 * transaction itself is asked at once, on its own.
 */
final class WhenBothAreOver implements SurroundingTransactions.Running {

    private final SurroundingTransactions.Running database;
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    WhenBothAreOver(SurroundingTransactions.Running database) {
        this.database = database;
        database.whenOver(over::complete);
    }

    @Override
    public String name() {
        return database.name();
    }

    @Override
    public void beforeCommit(Runnable check) {
        database.beforeCommit(check);
    }

    @Override
    public void whenOver(Consumer<Boolean> end) {
        over.thenAccept(end);
    }
}
