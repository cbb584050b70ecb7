package dev.objectlock.engine;

import dev.objectlock.LockRequest;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** What a request in code comes to: a claim for each of its objects. */
public final class Claims {

    /** The lease of a kept monitor that names none. */
    private static final Duration MONITOR_LEASE = Duration.ofSeconds(15);

    private static final ConcurrentMap<Terms, Terms> TERMS = new ConcurrentHashMap<>();
    private static final int MOST_TERMS = 1_000;

    private Claims() {}

    /** For the time of a call and, if so wanted, to keep besides; a slot is taken once, for one or the other. */
    static List<Claim> ofCall(LockRequest request) {
        List<Claim> claims = new ArrayList<>();
        if (request.slots() == 0 || !request.isKept()) {
            claims.addAll(of(request, false));
        }
        if (request.isKept()) {
            claims.addAll(of(request, true));
        }
        return claims;
    }

    static List<Claim> of(LockRequest request, boolean kept) {
        Terms terms = kept
                ? Terms.kept(request.mode(), request.scope(), request.access(), leaseOf(request))
                        .withLease(leaseOf(request), request.renewal())
                : Terms.scoped(request.mode(), request.scope(), request.access());
        // Beside a kept hold that ends, the call keeps its own to its end.
        Duration longest = kept || !request.isKept() ? request.maxHold().orElse(null) : null;
        Terms all = shared(terms.withMaxHold(longest).withSlots(request.slots()));
        return request.paths().stream()
                .map(path -> new Claim(path, all, request.extent().orElse(null)))
                .toList();
    }

    /** Terms are few, and holds that are kept on them may be a million: they share one object. */
    private static Terms shared(Terms terms) {
        Terms same = TERMS.get(terms);
        if (same == null && TERMS.size() < MOST_TERMS) {
            TERMS.putIfAbsent(terms, terms);
        }
        return same == null ? terms : same;
    }

    private static @Nullable Duration leaseOf(LockRequest request) {
        return defaultLease(request.mode(), request.lease().orElse(null));
    }

    /**
     * Returns the lease of a kept hold.
     *
     * @param mode its mode
     * @param said what was said, or null
     * @return null for none
     */
    public static @Nullable Duration defaultLease(LockMode mode, @Nullable Duration said) {
        return said == null && mode == LockMode.MONITOR ? MONITOR_LEASE : said;
    }
}
