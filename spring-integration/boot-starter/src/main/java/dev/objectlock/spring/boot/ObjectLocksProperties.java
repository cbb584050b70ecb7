package dev.objectlock.spring.boot;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.SessionPolicy;
import dev.objectlock.WithoutStore;
import dev.objectlock.spring.AttributeOverrides;
import dev.objectlock.spring.EnableObjectLocks.Uncovered;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.util.unit.DataSize;

/** The properties {@code objectlock.*}. Bound once, when the application starts. */
@ConfigurationProperties("objectlock")
public class ObjectLocksProperties {

    /** Whether the starter does anything. */
    private boolean enabled = true;

    /** How locks get around methods. An @EnableObjectLocks of the application's own says it instead. */
    private AdviceMode mode = AdviceMode.PROXY;

    /** Where locks are kept. A LockBackend bean of the application's own says it instead. */
    private Backend backend = Backend.MEMORY;

    /** Place of the locks among the interceptors of a bean; lower comes first. */
    private @Nullable Integer order;

    /**
     * What becomes of an application with annotated methods that are neither woven nor proxied. By default, it does not
     * start.
     */
    private @Nullable Uncovered uncoveredMethods;

    /**
     * Whether classes with annotations that are not beans, and so have to be woven, are looked for in the packages of the
     * application at start-up.
     */
    private boolean scan = true;

    /** Who may use locks over the web without being logged in. */
    private Guests guests = Guests.AUTO;

    /** What becomes of a client's kept locks when its connection is lost. */
    private SessionPolicy.Kind sessionPolicy = SessionPolicy.Kind.RELEASE;

    /** How long kept locks stay after the connection was lost. For the session policy "grace" alone, and needed there. */
    private @Nullable Duration sessionGrace;

    /** Whether every client of a user may release the kept CLIENT locks of the user's other clients, for recovery. */
    private boolean anyClientReleases;

    /** What becomes of calls while the store cannot be reached. */
    private WithoutStore withoutStore = WithoutStore.REFUSE;

    /** Changes with undo. */
    private final Transactions transactions = new Transactions();

    /** Creates properties with their defaults. */
    public ObjectLocksProperties() {}

    /** Where locks are kept. */
    public enum Backend {
        /** In the memory of this process, which shares them with no other. */
        MEMORY,
        /** In Redis or Valkey, where the application's connection goes. */
        REDIS
    }

    /** Who is a guest: a user without a name that anybody gave, for the time of one HTTP session. */
    public enum Guests {
        /** Each HTTP session where Spring Security is absent, and nobody where it is present. */
        AUTO,
        /** Each HTTP session in which nobody is logged in. */
        ALLOW,
        /** Nobody. */
        REFUSE
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public AdviceMode getMode() {
        return mode;
    }

    public void setMode(AdviceMode mode) {
        this.mode = mode;
    }

    public Backend getBackend() {
        return backend;
    }

    public void setBackend(Backend backend) {
        this.backend = backend;
    }

    public @Nullable Integer getOrder() {
        return order;
    }

    public void setOrder(@Nullable Integer order) {
        this.order = order;
    }

    public @Nullable Uncovered getUncoveredMethods() {
        return uncoveredMethods;
    }

    public void setUncoveredMethods(@Nullable Uncovered uncoveredMethods) {
        this.uncoveredMethods = uncoveredMethods;
    }

    public boolean isScan() {
        return scan;
    }

    public void setScan(boolean scan) {
        this.scan = scan;
    }

    public Guests getGuests() {
        return guests;
    }

    public void setGuests(Guests guests) {
        this.guests = guests;
    }

    public SessionPolicy.Kind getSessionPolicy() {
        return sessionPolicy;
    }

    public void setSessionPolicy(SessionPolicy.Kind sessionPolicy) {
        this.sessionPolicy = sessionPolicy;
    }

    public @Nullable Duration getSessionGrace() {
        return sessionGrace;
    }

    public void setSessionGrace(@Nullable Duration sessionGrace) {
        this.sessionGrace = sessionGrace;
    }

    public WithoutStore getWithoutStore() {
        return withoutStore;
    }

    public void setWithoutStore(WithoutStore withoutStore) {
        this.withoutStore = withoutStore;
    }

    public boolean isAnyClientReleases() {
        return anyClientReleases;
    }

    public void setAnyClientReleases(boolean anyClientReleases) {
        this.anyClientReleases = anyClientReleases;
    }

    public Transactions getTransactions() {
        return transactions;
    }

    /** Changes with undo. */
    public static class Transactions {

        /** After how long without a call in it an open transaction is lost, and what it changed is restored. */
        private Duration idle = Duration.ofSeconds(10);

        /** The most steps that can be undone and redone under one root. */
        private int undoSteps = 50;

        /** The most memory that the states of all steps take. Of one that alone takes more nothing is kept. */
        private DataSize undoBytes = DataSize.ofMegabytes(64);

        /** Creates properties with their defaults. */
        public Transactions() {}

        public Duration getIdle() {
            return idle;
        }

        public void setIdle(Duration idle) {
            this.idle = idle;
        }

        public int getUndoSteps() {
            return undoSteps;
        }

        public void setUndoSteps(int undoSteps) {
            this.undoSteps = undoSteps;
        }

        public DataSize getUndoBytes() {
            return undoBytes;
        }

        public void setUndoBytes(DataSize undoBytes) {
            this.undoBytes = undoBytes;
        }
    }

    /** What stands instead of the attributes of {@code @EnableObjectLocks}: only what was set. */
    AttributeOverrides overrides() {
        return new AttributeOverrides(order, uncoveredMethods);
    }

    /**
     * The policy of clients that are opened without one.
     *
     * @throws LockConfigurationException if kind and time do not go together
     */
    SessionPolicy policy() {
        if (sessionPolicy == SessionPolicy.Kind.GRACE && sessionGrace == null) {
            throw new LockConfigurationException("objectlock.session-policy is grace, and nothing says how long: set"
                    + " objectlock.session-grace, for instance to 2m");
        }
        if (sessionPolicy != SessionPolicy.Kind.GRACE && sessionGrace != null) {
            throw new LockConfigurationException("objectlock.session-grace is set, but objectlock.session-policy is "
                    + sessionPolicy.name().toLowerCase(java.util.Locale.ROOT)
                    + ", which has no time: set it to grace, or"
                    + " take the time away");
        }
        return new SessionPolicy(sessionPolicy, sessionGrace);
    }
}
