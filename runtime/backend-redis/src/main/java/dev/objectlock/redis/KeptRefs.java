package dev.objectlock.redis;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockPath;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The kept holds that somebody in this process has in hand: one object for each, as long as it is in use. Thread-safe. */
final class KeptRefs {

    private final ConcurrentMap<String, Entry> known = new ConcurrentHashMap<>();
    private final ReferenceQueue<KeptRef> unused = new ReferenceQueue<>();

    private static final class Entry extends WeakReference<KeptRef> {
        private final String id;

        Entry(KeptRef ref, ReferenceQueue<KeptRef> queue) {
            super(ref, queue);
            this.id = ref.id();
        }
    }

    KeptRef of(String id, LockPath path) {
        forgetUnused();
        KeptRef[] found = {null};
        known.compute(id, (key, entry) -> {
            KeptRef ref = entry == null ? null : entry.get();
            found[0] = ref == null ? new KeptRef(id, path) : ref;
            return ref == null ? new Entry(found[0], unused) : entry;
        });
        return found[0];
    }

    /** Notes where holds are now. */
    void happened(LockEvent event) {
        if (event instanceof LockEvent.Moved moved) {
            for (HoldInfo hold : moved.holds()) {
                Entry entry = known.get(hold.id());
                KeptRef ref = entry == null ? null : entry.get();
                if (ref != null) {
                    ref.moved(hold.path());
                }
            }
        }
    }

    private void forgetUnused() {
        for (Object entry = unused.poll(); entry != null; entry = unused.poll()) {
            known.remove(((Entry) entry).id, entry);
        }
    }
}
