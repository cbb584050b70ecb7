package dev.objectlock.engine;

import dev.objectlock.Body;
import dev.objectlock.ClientSession;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.Privilege;
import dev.objectlock.SessionPolicy;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.JoinedProcess;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The life of one client in this process. */
final class Session implements ClientSession {

    private final Engine engine;
    private final Sessions sessions;
    private final ReentrantLock connecting = new ReentrantLock();
    private final LockOwner owner;
    private final Secret secret;
    private final Set<Privilege> privileges;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Connection connection;
    private volatile boolean loggedOut;

    Session(Engine engine, Sessions sessions, Secret secret, Connection connection) {
        this.engine = engine;
        this.sessions = sessions;
        this.owner = connection.client();
        this.secret = secret;
        this.connection = connection;
        this.privileges = engine.privilegesOf(owner);
    }

    @Override
    public String id() {
        return secret.text();
    }

    @Override
    public LockOwner owner() {
        return owner;
    }

    @Override
    public SessionPolicy policy() {
        return connection.policy();
    }

    Set<Privilege> privileges() {
        return privileges;
    }

    Secret secret() {
        return secret;
    }

    Connection connection() {
        return connection;
    }

    /** The process is known to the store by another name, and so is this connection. */
    void isNow(Connection fresh) {
        connection = fresh;
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Body<T, X> body) throws X {
        checkOpen();
        return Binding.enter(engine, owner, this, body);
    }

    @Override
    public boolean isOpen() {
        return !ended.get();
    }

    @Override
    public void disconnect() {
        if (over()) {
            tellStore(engine.process());
        }
    }

    @Override
    public void close() {
        if (isOpen()) {
            loggedOut = true;
        }
        if (over()) {
            tellStore(engine.process());
        }
    }

    /** Held while its connection is made or ended. */
    ReentrantLock connecting() {
        return connecting;
    }

    /** It has ended here: the store is told how, now or as soon as it can be reached. */
    void tellStore(JoinedProcess process) {
        // While it is being presented to the store anew, nobody knows which connection that is.
        connecting.lock();
        try {
            engine.ask(
                    () -> "ending the connection of " + this,
                    current -> loggedOut ? process.endClient(connection) : process.disconnectClient(connection));
        } catch (LockBackendException unreachable) {
            sessions.tellLater(this);
            throw unreachable;
        } finally {
            connecting.unlock();
        }
    }

    /** It is over here; returns whether this was the first to say so. */
    boolean over() {
        sessions.remove(this);
        return !ended.getAndSet(true);
    }

    void checkOpen() {
        if (ended.get()) {
            throw hasEnded();
        }
    }

    LockAuthenticationException hasEnded() {
        return hasEnded(owner);
    }

    static LockAuthenticationException hasEnded(LockOwner owner) {
        return new LockAuthenticationException(
                "the session of " + owner.name() + " on client " + owner.client() + " has ended; open a new one");
    }

    @Override
    public String toString() {
        return "session of " + owner.name() + " on client " + owner.client() + (isOpen() ? "" : " (ended)");
    }
}
