package dev.objectlock.weave;

import dev.objectlock.SurroundingTransactions;
import dev.objectlock.TransactionRequest;
import dev.objectlock.engine.Binding;
import dev.objectlock.engine.Engine;
import dev.objectlock.engine.Participation;
import dev.objectlock.engine.ScopedHold;
import dev.objectlock.engine.Visit;
import org.jspecify.annotations.Nullable;

/**
 * What one call has to do with transactions: it is one, or part of one; it is made inside one, which is not idle meanwhile; or it
 * reads. Used as its {@link WovenCall} is.
 */
final class CallInTransactions {

    private final Binding binding;
    private final Engine engine;
    private final @Nullable TransactionRequest request;
    private final boolean reads;

    private @Nullable Visit visit;
    private @Nullable Participation participation;
    private boolean reading;

    private CallInTransactions(Binding binding, Engine engine, @Nullable TransactionRequest request, boolean reads) {
        this.binding = binding;
        this.engine = engine;
        this.request = request;
        this.reads = reads;
    }

    /**
     * Works out what a call asks for, before anything is taken.
     *
     * @return null for a call that has nothing to do with transactions
     */
    static @Nullable CallInTransactions of(
            WovenMethod method, Binding binding, Engine engine, @Nullable Object target, @Nullable Object[] args) {
        TransactionSpec spec = method.transaction();
        if (spec == null || spec.skipIf().holds(target, args)) {
            return Visit.mayBegin(binding) ? new CallInTransactions(binding, engine, null, false) : null;
        }
        return spec.isReader()
                ? new CallInTransactions(binding, engine, null, true)
                : new CallInTransactions(binding, engine, spec.request(target, args), false);
    }

    /** Before its locks are asked for. */
    void arrive() {
        if (reads) {
            engine.transactions().checkMayRead(binding);
        }
        visit = Visit.begin(binding, engine);
    }

    boolean isTransaction() {
        return request != null;
    }

    /**
     * With its locks, begins the transaction or takes part in the one that is open.
     *
     * @return null if the work goes on without one, since the store is out
     */
    @Nullable
    Participation begin(@Nullable Object target, SurroundingTransactions.@Nullable Running database) {
        participation = request == null ? null : engine.transactions().enter(request, target, database);
        return participation;
    }

    /** Last of all that comes before the body. */
    void enterBody() {
        if (reads) {
            binding.reading(true);
            reading = true;
        }
    }

    /** Whether something is left to do afterwards. */
    boolean isOngoing() {
        return visit != null || participation != null || reading;
    }

    void leaveThread() {
        if (participation != null) {
            participation.leaveThread();
        }
        if (reading) {
            binding.reading(false);
        }
    }

    /** The body has returned: commits, unless the lock that the change relied on is lost. */
    void commit(@Nullable ScopedHold lock) {
        if (participation != null) {
            if (lock != null) {
                lock.throwIfLost();
            }
            participation.returned();
        }
    }

    void failed(Throwable failure) {
        if (participation != null) {
            participation.failed(failure);
        }
    }

    /** The body has returned, but what it did counts when a database transaction commits. */
    void prepared(SurroundingTransactions.Running database) {
        if (participation != null) {
            participation.prepared(database);
        }
        left(null);
    }

    void failedInside(Throwable failure, SurroundingTransactions.Running database) {
        if (participation != null) {
            participation.failedInside(failure, database);
        }
        left(failure);
    }

    /** Nothing of the call is left. A second time nothing happens. */
    void left(@Nullable Throwable failure) {
        if (visit != null) {
            visit.end(failure);
        }
    }
}
