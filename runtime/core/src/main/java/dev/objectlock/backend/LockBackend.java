package dev.objectlock.backend;

import dev.objectlock.LockTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where holds are kept. Thread-safe.
 *
 * <p>A tree, i.e. all that lies under one root, is the unit of atomicity and of order. An error of the store completes a
 * stage with a {@link dev.objectlock.LockBackendException}. A stage may be completed by a thread of the store's connection: whoever
 * goes on there does not block it.
 */
public interface LockBackend extends AutoCloseable {

    /**
     * Names the kind of store, for logs and errors.
     *
     * @return for instance {@code memory}
     */
    String name();

    /**
     * Returns the time of this process, by which local deadlines are counted.
     *
     * @return the machine's, unless a test says otherwise
     */
    default LockTime time() {
        return LockTime.system();
    }

    /**
     * Returns after how long a silence the store takes a process for dead.
     *
     * @return empty if it never does, because it lives and dies with the process: then nobody needs to {@link
     *     JoinedProcess#beat}
     */
    default Optional<Duration> processTimeout() {
        return Optional.empty();
    }

    /**
     * Makes a process known to the store.
     *
     * @param listener told what happens
     * @return the process, through which everything else is asked
     */
    CompletionStage<JoinedProcess> join(ProcessListener listener);

    /** Ends the use of the store. Processes that have not left are lost. */
    @Override
    void close();
}
