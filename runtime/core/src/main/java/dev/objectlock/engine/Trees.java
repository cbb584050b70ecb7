package dev.objectlock.engine;

import dev.objectlock.backend.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** Requests over several trees, which are taken in the order of the roots, so that two of them never wait for each other. */
final class Trees {

    private Trees() {}

    static boolean isOne(List<Claim> claims) {
        for (int i = 1; i < claims.size(); i++) {
            if (!claims.get(i).path().rootName().equals(claims.get(0).path().rootName())) {
                return false;
            }
        }
        return true;
    }

    /** The claims of each tree, in the order of the roots. */
    static Collection<List<Claim>> split(List<Claim> claims) {
        if (isOne(claims)) {
            return List.of(claims);
        }
        TreeMap<String, List<Claim>> byRoot = new TreeMap<>();
        for (Claim claim : claims) {
            byRoot.computeIfAbsent(claim.path().rootName(), root -> new ArrayList<>(2))
                    .add(claim);
        }
        return byRoot.values();
    }
}
