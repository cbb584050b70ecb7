package dev.objectlock.memory;

import dev.objectlock.LockPath;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Names that many kept holds share: {@code robot/arm} below a million roots is one text. Remembers the last ones only, so
 * that it stays small.
 */
final class Names {

    private static final int MOST = 1_024;

    private final AtomicReferenceArray<String> known = new AtomicReferenceArray<>(MOST);

    LockPath shared(LockPath path) {
        String name = path.belowRoot();
        if (name.isEmpty()) {
            return path;
        }
        int hash = name.hashCode();
        int place = (hash ^ hash >>> 16) & MOST - 1;
        String same = known.get(place);
        if (!name.equals(same)) {
            known.set(place, name);
            return path;
        }
        return LockPath.ofEscaped(path.rootName(), same);
    }
}
