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
import org.jspecify.annotations.Nullable;

/**
 * What is asked for: objects, a mode and how long to wait. Immutable; every method returns a changed copy.
 *
 * <pre>{@code
 * LockRequest.user(LockPath.of("cell:7", "robot")).keep().lease(Duration.ofMinutes(1))
 * }</pre>
 *
 * Several paths are one request: granted together or not at all. A request is scoped (it ends with its {@code try}, or
 * with the body) unless {@link #keep} is called.
 */
public final class LockRequest {

    private static final Duration LONGEST_LEASE = Durations.FOREVER;

    private final List<LockPath> paths;
    private final LockMode mode;
    private final LockScope scope;
    private final LockAccess access;
    private final @Nullable Extent extent;
    private final boolean kept;
    private final @Nullable Duration waitFor;
    private final @Nullable Duration lease;

    private LockRequest(
            List<LockPath> paths,
            LockMode mode,
            LockScope scope,
            LockAccess access,
            @Nullable Extent extent,
            boolean kept,
            @Nullable Duration waitFor,
            @Nullable Duration lease) {
        this.paths = paths;
        this.mode = mode;
        this.scope = scope;
        this.access = access;
        this.extent = extent;
        this.kept = kept;
        this.waitFor = waitFor;
        this.lease = lease;
    }

    /**
     * Asks for a lock of the given mode, EXCLUSIVE, with the mode's own scope.
     *
     * @param mode who else is admitted
     * @param path the object
     * @param more further objects under the same root
     * @return the request
     * @throws LockConfigurationException if the paths are not all different, or lie under several roots
     */
    public static LockRequest of(LockMode mode, LockPath path, LockPath... more) {
        List<LockPath> paths = new ArrayList<>();
        paths.add(path);
        paths.addAll(List.of(more));
        checkOneTree(paths);
        return new LockRequest(
                List.copyOf(paths),
                mode,
                LockScope.BY_MODE.resolve(mode),
                LockAccess.EXCLUSIVE,
                null,
                false,
                null,
                null);
    }

    /**
     * Asks for a USER lock: this person, on any screen.
     *
     * @param path the object
     * @param more further objects under the same root
     * @return the request
     */
    public static LockRequest user(LockPath path, LockPath... more) {
        return of(LockMode.USER, path, more);
    }

    /**
     * Asks for a CLIENT lock: this screen.
     *
     * @param path the object
     * @param more further objects under the same root
     * @return the request
     */
    public static LockRequest client(LockPath path, LockPath... more) {
        return of(LockMode.CLIENT, path, more);
    }

    /**
     * Asks for a MONITOR: this flow.
     *
     * @param path the object
     * @param more further objects under the same root
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
        return new LockRequest(paths, mode, resolved, access, extent, kept, waitFor, lease);
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
        return new LockRequest(paths, mode, scope, access, extent, kept, waitFor, lease);
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
        return new LockRequest(paths, mode, LockScope.OBJECT, access, new Extent(from, to), kept, waitFor, lease);
    }

    /**
     * Keeps the lock until it is released or its session ends, instead of for the time of the body. Taking a kept lock
     * again renews it.
     *
     * @return the changed request
     */
    public LockRequest keep() {
        return new LockRequest(paths, mode, scope, access, extent, true, waitFor, lease);
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
        return new LockRequest(paths, mode, scope, access, extent, kept, shorter(longest), lease);
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
        return new LockRequest(paths, mode, scope, access, extent, true, waitFor, shorter(unused));
    }

    /**
     * Returns the objects.
     *
     * @return at least one, all different, all under one root
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
                + (extent == null ? "" : " " + Objects.toString(extent));
    }

    /**
     * Checks that objects can be locked in one request.
     *
     * @param paths the objects
     * @throws LockConfigurationException if two are the same, or they lie under several roots
     */
    static void checkOneTree(List<LockPath> paths) {
        for (LockPath path : paths) {
            if (!path.rootName().equals(paths.get(0).rootName())) {
                throw new LockConfigurationException("one request over several trees is not possible yet: "
                        + paths.get(0) + " and " + path + " have different roots; take them one after the other");
            }
        }
        if (new HashSet<>(paths).size() < paths.size()) {
            throw new LockConfigurationException("one request names an object twice: " + paths);
        }
    }

    private static Duration shorter(Duration duration) {
        return duration.compareTo(LONGEST_LEASE) > 0 ? LONGEST_LEASE : duration;
    }
}
