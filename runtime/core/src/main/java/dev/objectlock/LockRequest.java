package dev.objectlock;

import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.grammar.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for: objects, a mode and how long to wait. Immutable; every method returns a changed copy.
 *
 * <pre>{@code
 * LockRequest.user(LockPath.of("cell:7", "robot")).keep().lease(Duration.ofMinutes(1))
 * }</pre>
 *
 * Several paths are one request: granted together or not at all under one root; under several roots taken in the order of
 * the roots, in one wait time, and given back if one fails. A request is scoped (it ends with its {@code try}, or
 * with the body) unless {@link #keep} is called.
 */
public final class LockRequest {

    /** The shortest lease that the heartbeat of a process can keep up. */
    private static final Duration SHORTEST_AUTO_LEASE = Duration.ofMillis(300);

    private final List<LockPath> paths;
    private final LockMode mode;
    private final LockScope scope;
    private final LockAccess access;
    private final @Nullable Extent extent;
    private final boolean kept;
    private final @Nullable Duration waitFor;
    private final @Nullable Duration lease;
    private final @Nullable Duration maxHold;
    private final Renewal renewal;
    private final int slots;

    private LockRequest(Draft draft) {
        this.paths = draft.paths;
        this.mode = draft.mode;
        this.scope = draft.scope;
        this.access = draft.access;
        this.extent = draft.extent;
        this.kept = draft.kept;
        this.waitFor = draft.waitFor;
        this.lease = draft.lease;
        this.maxHold = draft.maxHold;
        this.renewal = draft.renewal;
        this.slots = draft.slots;
    }

    /** What is being changed. */
    private static final class Draft {
        private final List<LockPath> paths;
        private final LockMode mode;
        private LockScope scope;
        private LockAccess access = LockAccess.EXCLUSIVE;
        private @Nullable Extent extent;
        private boolean kept;
        private @Nullable Duration waitFor;
        private @Nullable Duration lease;
        private @Nullable Duration maxHold;
        private Renewal renewal = Renewal.ON_USE;
        private int slots;

        Draft(List<LockPath> paths, LockMode mode) {
            this.paths = paths;
            this.mode = mode;
            this.scope = LockScope.BY_MODE.resolve(mode);
        }
    }

    private LockRequest with(Consumer<Draft> change) {
        Draft draft = new Draft(paths, mode);
        draft.scope = scope;
        draft.access = access;
        draft.extent = extent;
        draft.kept = kept;
        draft.waitFor = waitFor;
        draft.lease = lease;
        draft.maxHold = maxHold;
        draft.renewal = renewal;
        draft.slots = slots;
        change.accept(draft);
        return new LockRequest(draft);
    }

    /**
     * Asks for a lock of the given mode, EXCLUSIVE, with the mode's own scope.
     *
     * @param mode who else is admitted
     * @param path the object
     * @param more further objects
     * @return the request
     * @throws LockConfigurationException if the paths are not all different
     */
    public static LockRequest of(LockMode mode, LockPath path, LockPath... more) {
        List<LockPath> paths = new ArrayList<>();
        paths.add(path);
        paths.addAll(List.of(more));
        if (new HashSet<>(paths).size() < paths.size()) {
            throw new LockConfigurationException("one request names an object twice: " + paths);
        }
        return new LockRequest(new Draft(List.copyOf(paths), mode));
    }

    /**
     * Asks for a USER lock: this person, on any screen.
     *
     * @param path the object
     * @param more further objects
     * @return the request
     */
    public static LockRequest user(LockPath path, LockPath... more) {
        return of(LockMode.USER, path, more);
    }

    /**
     * Asks for a CLIENT lock: this screen.
     *
     * @param path the object
     * @param more further objects
     * @return the request
     */
    public static LockRequest client(LockPath path, LockPath... more) {
        return of(LockMode.CLIENT, path, more);
    }

    /**
     * Asks for a MONITOR: this flow.
     *
     * @param path the object
     * @param more further objects
     * @return the request
     */
    public static LockRequest monitor(LockPath path, LockPath... more) {
        return of(LockMode.MONITOR, path, more);
    }

    /**
     * Covers the object and all below it, now or later.
     *
     * @return the changed request
     * @throws LockConfigurationException for a monitor, or with an extent
     */
    public LockRequest tree() {
        return scope(LockScope.TREE);
    }

    /**
     * Covers the object alone.
     *
     * @return the changed request
     */
    public LockRequest objectOnly() {
        return scope(LockScope.OBJECT);
    }

    /**
     * Sets what is covered.
     *
     * @param scope the scope
     * @return the changed request
     * @throws LockConfigurationException for a TREE together with a monitor or an extent
     */
    public LockRequest scope(LockScope scope) {
        LockScope resolved = scope.resolve(mode);
        if (resolved == LockScope.TREE && mode == LockMode.MONITOR) {
            throw new LockConfigurationException("a MONITOR on " + paths.get(0)
                    + " cannot cover a tree: monitors are for one object; use USER or CLIENT, or several paths");
        }
        if (resolved == LockScope.TREE && extent != null) {
            throw new LockConfigurationException("a lock on " + paths.get(0) + " " + extent
                    + " cannot cover a tree: an extent is part of one object");
        }
        return with(draft -> draft.scope = resolved);
    }

    /**
     * Lets readers in: any number of SHARED locks go together.
     *
     * @return the changed request
     */
    public LockRequest shared() {
        return access(LockAccess.SHARED);
    }

    /**
     * Sets whether readers are shut out.
     *
     * @param access the access; EXCLUSIVE if nothing is said
     * @return the changed request
     */
    public LockRequest access(LockAccess access) {
        if (access == LockAccess.SHARED && slots > 0) {
            throw noSlots("SHARED");
        }
        return with(draft -> draft.access = access);
    }

    /**
     * Narrows the lock to a part of the object; it then covers the object alone.
     *
     * @param from the first position
     * @param to the position behind the last
     * @return the changed request
     * @throws LockConfigurationException if the extent is empty
     */
    public LockRequest extent(long from, long to) {
        if (slots > 0) {
            throw noSlots("narrowed to an extent");
        }
        return with(draft -> {
            draft.scope = LockScope.OBJECT;
            draft.extent = new Extent(from, to);
        });
    }

    /**
     * Keeps the lock until it is released or its session ends, instead of for the time of the body. Taking a kept lock
     * again renews it.
     *
     * @return the changed request
     */
    public LockRequest keep() {
        return with(draft -> draft.kept = true);
    }

    /**
     * Waits for whatever is in the way, kept locks included. Without it a request waits only for what ends soon: 2 s for
     * USER and CLIENT, 15 s for MONITOR, and not at all with {@link #keep}.
     *
     * @param longest how long at most; zero refuses at once
     * @return the changed request
     * @throws LockConfigurationException if the time is negative
     */
    public LockRequest waitFor(Duration longest) {
        if (longest.isNegative()) {
            throw new LockConfigurationException("waitFor on " + paths.get(0) + " must not be negative, but is "
                    + longest + "; use zero to be refused at once");
        }
        return with(draft -> draft.waitFor = shorter(longest));
    }

    /**
     * Ends the kept hold when it lies unused this long.
     *
     * @param unused the lease, more than zero; none if nothing is said, for MONITOR 15 s
     * @return the changed request
     * @throws LockConfigurationException if the time is zero or negative, or the request is not one to {@link #keep}
     */
    public LockRequest lease(Duration unused) {
        if (unused.isNegative() || unused.isZero()) {
            throw new LockConfigurationException(
                    "the lease of a lock on " + paths.get(0) + " must be more than zero, but is " + unused);
        }
        if (!kept) {
            throw new LockConfigurationException("a lock on " + paths.get(0) + " with a lease must be kept: call keep()"
                    + " before lease(); a scoped lock ends with its body and has no lease");
        }
        checkAutomatic(renewal, unused);
        return with(draft -> draft.lease = shorter(unused));
    }

    /**
     * Sets what counts as use of a kept hold with a lease.
     *
     * @param how {@link Renewal#ON_USE} if nothing is said
     * @return the changed request
     * @throws LockConfigurationException if there is no {@link #lease}, or an automatic one is shorter than 300 ms, which a
     *     heartbeat cannot keep up
     */
    public LockRequest renewal(Renewal how) {
        if (lease == null && how != Renewal.ON_USE) {
            throw new LockConfigurationException("a lock on " + paths.get(0) + " with the renewal " + how
                    + " needs a lease: call lease() before renewal()");
        }
        checkAutomatic(how, lease);
        return with(draft -> draft.renewal = how);
    }

    private void checkAutomatic(Renewal how, @Nullable Duration unused) {
        if (how == Renewal.AUTO && unused != null && unused.compareTo(SHORTEST_AUTO_LEASE) < 0) {
            throw new LockConfigurationException("the lease of a lock on " + paths.get(0) + " is "
                    + Durations.say(unused) + ", too short to be renewed automatically: the shortest is "
                    + Durations.say(SHORTEST_AUTO_LEASE));
        }
    }

    /**
     * Ends the hold after this time, however much it is used.
     *
     * @param longest how long it may last from its grant, more than zero; taking a kept hold again does not change it
     * @return the changed request
     * @throws LockConfigurationException if the time is zero or negative
     */
    public LockRequest maxHold(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new LockConfigurationException(
                    "the maxHold of a lock on " + paths.get(0) + " must be more than zero, but is " + longest);
        }
        return with(draft -> draft.maxHold = shorter(longest));
    }

    /**
     * Takes one of a number of slots: a counting lock. Each such request is a hold of its own, by whomever; the first fixes
     * the number, until no hold and no waiter is left.
     *
     * @param number how many may be taken at once, at least 1
     * @return the changed request
     * @throws LockConfigurationException if the number is less than 1, or the request is not for a MONITOR on a whole
     *     object, EXCLUSIVE
     */
    public LockRequest slots(int number) {
        if (number < 1) {
            throw new LockConfigurationException(
                    "a counting lock on " + paths.get(0) + " needs at least 1 slot, but has " + number);
        }
        if (mode != LockMode.MONITOR) {
            throw noSlots("of mode " + mode);
        }
        if (access == LockAccess.SHARED || extent != null) {
            throw noSlots(extent == null ? "SHARED" : "narrowed to an extent");
        }
        return with(draft -> draft.slots = number);
    }

    private LockConfigurationException noSlots(String what) {
        return new LockConfigurationException("a counting lock on " + paths.get(0) + " cannot be " + what
                + ": slots go with MONITOR, on a whole object, EXCLUSIVE");
    }

    /**
     * Returns the objects.
     *
     * @return at least one, all different
     */
    public List<LockPath> paths() {
        return paths;
    }

    /**
     * Returns who else is admitted.
     *
     * @return the mode
     */
    public LockMode mode() {
        return mode;
    }

    /**
     * Returns what is covered.
     *
     * @return TREE or OBJECT
     */
    public LockScope scope() {
        return scope;
    }

    /**
     * Returns whether readers are shut out.
     *
     * @return the access
     */
    public LockAccess access() {
        return access;
    }

    /**
     * Returns the part of the object.
     *
     * @return empty for all of it
     */
    public Optional<Extent> extent() {
        return Optional.ofNullable(extent);
    }

    /**
     * Returns whether the lock is kept.
     *
     * @return false if it ends with its body
     */
    public boolean isKept() {
        return kept;
    }

    /**
     * Returns how long to wait for whatever is in the way.
     *
     * @return empty if nothing was said
     */
    public Optional<Duration> waitFor() {
        return Optional.ofNullable(waitFor);
    }

    /**
     * Returns how long a kept hold may lie unused.
     *
     * @return empty if nothing was said
     */
    public Optional<Duration> lease() {
        return Optional.ofNullable(lease);
    }

    /**
     * Returns how long the hold may last however much it is used.
     *
     * @return empty if nothing was said
     */
    public Optional<Duration> maxHold() {
        return Optional.ofNullable(maxHold);
    }

    /**
     * Returns what counts as use of a kept hold with a lease.
     *
     * @return {@link Renewal#ON_USE} if nothing was said
     */
    public Renewal renewal() {
        return renewal;
    }

    /**
     * Returns how many may hold the object at once.
     *
     * @return 0 if it is not a counting lock
     */
    public int slots() {
        return slots;
    }

    /**
     * Says the request for people.
     *
     * @return for instance {@code kept USER lock on cell:7/robot}
     */
    @Override
    public String toString() {
        return (kept ? "kept " : "")
                + (access == LockAccess.SHARED ? "shared " : "")
                + mode
                + " lock on "
                + String.join(", ", paths.stream().map(LockPath::toString).toList())
                + (extent == null ? "" : " " + Objects.toString(extent))
                + (slots == 0 ? "" : " (one of " + slots + " slots)");
    }

    private static Duration shorter(Duration duration) {
        return duration.compareTo(Durations.FOREVER) > 0 ? Durations.FOREVER : duration;
    }
}
