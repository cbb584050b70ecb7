package dev.objectlock.engine;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.ObjectLocks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which engine woven calls use where none is bound: the installed one, else one in memory, made on first use. */
public final class Engines {

    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final List<Engine> INSTALLED = new ArrayList<>();
    private static @Nullable Engine madeOnFirstUse;

    /** All that are open, as long as somebody else knows them. */
    private static final Set<Engine> BUILT = Collections.newSetFromMap(new WeakHashMap<>());

    /** The answer, as long as there is exactly one. */
    private static volatile @Nullable Engine current;

    private Engines() {}

    /**
     * Returns the engine to use.
     *
     * @return never null
     * @throws LockConfigurationException if several are installed
     */
    public static Engine current() {
        Engine known = current;
        return known != null ? known : find();
    }

    private static Engine find() {
        LOCK.lock();
        try {
            if (INSTALLED.size() > 1) {
                throw new LockConfigurationException("two engines are installed, " + INSTALLED.get(0) + " and "
                        + INSTALLED.get(1) + ", and this call does not say which to use: enter an owner with callAs on"
                        + " one of them, or install one only");
            }
            Engine found = INSTALLED.isEmpty() ? madeOnFirstUse : INSTALLED.get(0);
            if (found == null) {
                checkNoneWasMeant();
                found = (Engine) ObjectLocks.builder().name("made-on-first-use").build();
                BUILT.remove(found);
                madeOnFirstUse = found;
                LOG.info("no ObjectLocks is installed: locks are kept in the memory of this process; to choose a"
                        + " backend call ObjectLocks.install at start-up");
            }
            current = found;
            return found;
        } finally {
            LOCK.unlock();
        }
    }

    /** Two engines do not know of each other, so one that was built must not be passed by without a word. */
    private static void checkNoneWasMeant() {
        for (Engine built : BUILT) {
            throw new LockConfigurationException(built + " has been built but not installed, and this call runs on a"
                    + " thread that has not entered it: call ObjectLocks.install(locks) at start-up, or make the call"
                    + " inside callAs or a session of it");
        }
    }

    /** An engine has been built, by somebody who means it to be used. */
    static void built(Engine engine) {
        LOCK.lock();
        try {
            BUILT.add(engine);
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Installs an engine.
     *
     * @param application the engine
     * @throws LockConfigurationException if it was not made by the builder, is closed, or comes too late
     */
    public static void install(ObjectLocks application) {
        if (!(application instanceof Engine engine)) {
            throw new LockConfigurationException("only what ObjectLocks.builder() made can be installed, not a "
                    + application.getClass().getName());
        }
        LOCK.lock();
        try {
            if (engine.isClosed()) {
                throw new LockConfigurationException(engine + " is closed and cannot be installed");
            }
            if (madeOnFirstUse != null && !madeOnFirstUse.closeIfUnused()) {
                throw new LockConfigurationException(engine + " is installed too late: woven calls have already used "
                        + madeOnFirstUse + "; call ObjectLocks.install before the first of them");
            }
            madeOnFirstUse = null;
            if (!INSTALLED.contains(engine)) {
                INSTALLED.add(engine);
            }
            current = null;
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Undoes {@link #install}; the engine stays open, for whoever knows it.
     *
     * @param application the engine; nothing happens if it is not installed
     */
    public static void uninstall(ObjectLocks application) {
        LOCK.lock();
        try {
            INSTALLED.removeIf(engine -> engine == application);
            current = null;
        } finally {
            LOCK.unlock();
        }
    }

    /** A closed engine is neither used nor kept alive. */
    static void remove(Engine engine) {
        LOCK.lock();
        try {
            INSTALLED.remove(engine);
            BUILT.remove(engine);
            if (madeOnFirstUse == engine) {
                madeOnFirstUse = null;
            }
            current = null;
        } finally {
            LOCK.unlock();
        }
    }
}
