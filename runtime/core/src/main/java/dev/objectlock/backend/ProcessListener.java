package dev.objectlock.backend;

import dev.objectlock.LockEvent;
import dev.objectlock.Loss;
import java.time.Duration;

/**
 * What a backend tells a process. Called in order for each tree, possibly under a lock of the backend's own: an
 * implementation hands over and returns, and neither blocks nor throws.
 */
public interface ProcessListener {

    /**
     * Something happened to kept holds, of whatever process.
     *
     * @param event what
     */
    void happened(LockEvent event);

    /**
     * The scoped holds of a request of this process ended without its doing.
     *
     * @param ask the request
     * @param loss why
     */
    void lost(Ask ask, Loss loss);

    /**
     * A connection to this process is over without its doing: the client was resumed elsewhere, or thrown out.
     *
     * @param connection the connection
     */
    void over(Connection connection);

    /**
     * Kept holds with leases, which another process has renewed so far, have come to a client that is connected to this one, and are
     * for its beats to renew. Nothing to do for whoever does not beat.
     *
     * @param lease the shortest of them
     */
    default void mustRenew(Duration lease) {}

    /**
     * Another process was granted a transaction under a root in which the last one had been of this process. A hint, to be told
     * early: the truth is {@link Ask#ownSince}.
     *
     * @param root the name of the tree
     * @param fence the fence of the other's transaction
     */
    void historyOver(String root, long fence);

    /**
     * Some of what {@link #happened} would have told cannot be told any more: this process had not heard the store for too long.
     * Whoever watches has to begin anew. Losses of this process's own holds are told in any case.
     */
    void missed();
}
