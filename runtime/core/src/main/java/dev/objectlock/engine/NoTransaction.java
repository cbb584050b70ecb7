package dev.objectlock.engine;

import dev.objectlock.Body;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionInfo;
import dev.objectlock.TransactionRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What work has that goes on without locks: nobody is kept out, nothing is captured, and nothing recorded. */
final class NoTransaction implements OpenTransaction {

    private final TransactionInfo info;
    private volatile boolean ended;

    NoTransaction(TransactionRequest request, LockOwner owner, Instant since) {
        this.info = new TransactionInfo(0, request.name(), request.parts(), owner, since);
    }

    @Override
    public long id() {
        return 0;
    }

    @Override
    public TransactionInfo info() {
        return info;
    }

    @Override
    public boolean isOpen() {
        return !ended;
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
        return body.run();
    }

    @Override
    public void widen(LockPath path) {}

    @Override
    public void widen(LockPath path, long from, long to) {}

    @Override
    public void commit() {
        ended = true;
    }

    @Override
    public void rollback() {
        ended = true;
    }

    @Override
    public void close() {
        ended = true;
    }
}
