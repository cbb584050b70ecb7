package dev.objectlock.spring.boot.actuate;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.OverridingApplication;
import java.security.Principal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Who holds what, which transactions are open, what can be undone, and taking locks away: {@code GET /actuator/objectlocks} for all roots, {@code GET
 * /actuator/objectlocks/cell:7/robot} for one object and all below it, {@code DELETE
 * /actuator/objectlocks/cell:7/robot?reason=...} to end all kept holds on it, or with {@code &hold=...} one hold of any kind.
 *
 * <p>In the address each segment of the path is a segment of its own, encoded as addresses are. Servers and firewalls refuse
 * some characters there, encoded slashes above all; every path can be given as a parameter instead, as {@link
 * LockPath#toString} writes it: {@code GET /actuator/objectlocks?path=cell%252F7/robot}.
 *
 * <p>Locks are taken away by the application {@code actuator}; who is logged in is named in the reason. Thread-safe.
 */
@Endpoint(id = "objectlocks")
public final class ObjectLocksEndpoint {

    /** As whom it takes locks away. */
    static final OverridingApplication APPLICATION = new OverridingApplication("actuator");

    /** How many holds are written if nobody says how many. */
    private static final int MOST = 1_000;

    private final ObjectLocks locks;
    private final OverridingApplication application;

    ObjectLocksEndpoint(ObjectLocks locks, OverridingApplication application) {
        this.locks = locks;
        this.application = application;
    }

    /**
     * Reads all roots, or one object.
     *
     * @param path the object, as text with escapes; null for all roots
     * @param limit at most so many holds below the object are written; null for 1,000
     * @return what there is at this moment
     */
    @ReadOperation
    public Object read(@Nullable String path, @Nullable Integer limit) {
        return path == null ? Found.Trees.of(locks) : tree(parse(path), limit);
    }

    /**
     * Reads one object.
     *
     * @param segments its path, without escapes
     * @param limit at most so many holds below the object are written; null for 1,000
     * @return what there is at this moment
     */
    @ReadOperation
    public Object readObject(
            @Selector(match = Selector.Match.ALL_REMAINING) String[] segments, @Nullable Integer limit) {
        return tree(pathOf(segments), limit);
    }

    /**
     * Takes locks away.
     *
     * @param caller who asks
     * @param path the object, as text with escapes
     * @param reason what the owners are told
     * @param hold the id of the one hold to end, also that of a running call; null for all kept holds on the object
     * @return how many holds have ended
     */
    @DeleteOperation
    public Taken release(SecurityContext caller, String path, String reason, @Nullable String hold) {
        return take(caller, parse(path), reason, hold);
    }

    /**
     * Takes locks away.
     *
     * @param caller who asks
     * @param segments the path of the object, without escapes
     * @param reason what the owners are told
     * @param hold the id of the one hold to end, also that of a running call; null for all kept holds on the object
     * @return how many holds have ended
     */
    @DeleteOperation
    public Taken releaseObject(
            SecurityContext caller,
            @Selector(match = Selector.Match.ALL_REMAINING) String[] segments,
            String reason,
            @Nullable String hold) {
        return take(caller, pathOf(segments), reason, hold);
    }

    /**
     * What was taken away.
     *
     * @param path the object
     * @param released how many holds have ended; none if there were none
     */
    public record Taken(String path, int released) {}

    private Found.Tree tree(LockPath path, @Nullable Integer limit) {
        if (limit != null && limit < 0) {
            throw new InvalidEndpointRequestException(
                    "limit is " + limit + "; it must not be negative", "negative limit");
        }
        return Found.Tree.of(locks, path, limit == null ? MOST : limit);
    }

    private Taken take(SecurityContext caller, LockPath path, String reason, @Nullable String hold) {
        if (reason.isBlank()) {
            throw new InvalidEndpointRequestException(
                    "taking locks away needs a reason, which their owners are told", "blank reason");
        }
        Principal principal = caller.getPrincipal();
        String said = principal == null ? reason : reason + " (asked by " + principal.getName() + ")";
        return locks.callAs(application.owner(), () -> {
            if (hold == null) {
                return new Taken(path.toString(), locks.forceRelease(path, said));
            }
            return new Taken(path.toString(), locks.forceRelease(path, hold, said) ? 1 : 0);
        });
    }

    private static LockPath pathOf(String[] segments) {
        try {
            return LockPath.of(segments[0], Arrays.copyOfRange(segments, 1, segments.length));
        } catch (LockConfigurationException wrong) {
            throw refused(wrong);
        }
    }

    private static LockPath parse(String path) {
        try {
            return LockPath.parse(path);
        } catch (LockConfigurationException wrong) {
            throw refused(wrong);
        }
    }

    private static InvalidEndpointRequestException refused(LockConfigurationException wrong) {
        return new InvalidEndpointRequestException(wrong.getMessage(), wrong.getMessage(), wrong);
    }
}
