package dev.objectlock;

/** A watcher that is being told; see {@link ObjectLocks#watch}. Thread-safe. */
public interface Subscription extends AutoCloseable {

    /** Ends it: nothing more is told, except what is being told at this moment. A second close does nothing. */
    @Override
    void close();
}
