package dev.objectlock.engine;

import dev.objectlock.Body;
import dev.objectlock.ClientSession;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockOwner;
import dev.objectlock.Privilege;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The life of one client in this process. */
final class Session implements ClientSession {

    private final Engine engine;
    private final LockOwner owner;
    private final Set<Privilege> privileges;
    private final AtomicBoolean ended = new AtomicBoolean();

    Session(Engine engine, LockOwner owner) {
        this.engine = engine;
        this.owner = owner;
        this.privileges = engine.privilegesOf(owner);
    }

    @Override
    public LockOwner owner() {
        return owner;
    }

    Set<Privilege> privileges() {
        return privileges;
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
        close();
    }

    @Override
    public void close() {
        if (!ended.getAndSet(true)) {
            engine.await(engine.process().endClient(owner));
        }
    }

    void checkOpen() {
        if (ended.get()) {
            throw over();
        }
    }

    LockAuthenticationException over() {
        return new LockAuthenticationException(
                "the session of " + owner.name() + " on client " + owner.client() + " has ended; open a new one");
    }

    @Override
    public String toString() {
        return "session of " + owner.name() + " on client " + owner.client() + (isOpen() ? "" : " (ended)");
    }
}
