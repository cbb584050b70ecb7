package dev.objectlock.engine;

import dev.objectlock.LockAuthorizer;
import dev.objectlock.LockListener;
import dev.objectlock.LockObserver;
import dev.objectlock.LockOwner;
import dev.objectlock.SessionPolicy;
import dev.objectlock.SurroundingTransactions;
import dev.objectlock.UndoHistory;
import dev.objectlock.WithoutStore;
import dev.objectlock.backend.LockBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is made of, as its builder says.
 *
 * @param name for logs and errors
 * @param backend where holds are kept
 * @param ownsBackend whether the backend is closed with the engine
 * @param authorizer who may do what
 * @param listeners who is told of events
 * @param sessionPolicy the policy of sessions that are opened without one
 * @param anyClientReleases whether every client of a user may release CLIENT holds of the others
 * @param properties replaces each <code>${property}</code> in the text of an annotation
 * @param threadOwner who works on a thread that entered nobody
 * @param databaseTransactions finds the database transaction that runs on a thread, or null if there are none
 * @param observer sees calls that take locks, or null
 * @param withoutStore what becomes of work while the store cannot be reached
 * @param history where the steps of transactions are kept
 * @param transactionIdle after how long without a call an open transaction is lost
 */
public record Settings(
        String name,
        LockBackend backend,
        boolean ownsBackend,
        LockAuthorizer authorizer,
        List<LockListener> listeners,
        SessionPolicy sessionPolicy,
        boolean anyClientReleases,
        UnaryOperator<String> properties,
        Supplier<Optional<LockOwner>> threadOwner,
        @Nullable SurroundingTransactions databaseTransactions,
        @Nullable LockObserver observer,
        WithoutStore withoutStore,
        UndoHistory history,
        Duration transactionIdle) {}
