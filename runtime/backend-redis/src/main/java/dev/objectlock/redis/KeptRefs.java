package dev.objectlock.redis;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
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

    KeptRef of(HoldInfo info) {
        forgetUnused();
        KeptRef[] found = {null};
        known.compute(info.id(), (key, entry) -> {
            KeptRef ref = entry == null ? null : entry.get();
            found[0] = ref == null ? new KeptRef(info) : ref;
            return ref == null ? new Entry(found[0], unused) : entry;
        });
        return found[0];
    }

    /** Notes what holds are now. */
    void happened(LockEvent event) {
        for (HoldInfo hold : event.holds()) {
            Entry entry = known.get(hold.id());
            KeptRef ref = entry == null ? null : entry.get();
            if (ref != null) {
                ref.is(hold);
                if (isEnd(event)) {
                    known.remove(hold.id());
                }
            }
        }
    }

    private static boolean isEnd(LockEvent event) {
        return event.loss().isPresent() || event instanceof LockEvent.Released || event instanceof LockEvent.Removed;
    }

    /** Whether nobody has said that this hold has ended. */
    boolean knows(KeptRef ref) {
        return known.containsKey(ref.id());
    }

    /** All that somebody has in hand. */
    List<KeptRef> all() {
        return known.values().stream().map(Entry::get).filter(Objects::nonNull).toList();
    }

    private void forgetUnused() {
        for (Object entry = unused.poll(); entry != null; entry = unused.poll()) {
            known.remove(((Entry) entry).id, entry);
        }
    }
}
