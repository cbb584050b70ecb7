package dev.objectlock.redis;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The kept holds that this process was granted, and those that somebody in it has in hand: one object for each. Thread-safe.
 */
final class KeptRefs {

    private final ConcurrentMap<String, Entry> known = new ConcurrentHashMap<>();
    private final ReferenceQueue<KeptRef> unused = new ReferenceQueue<>();

    private static final class Entry extends WeakReference<KeptRef> {
        private final String id;

        /** Of a hold that was granted to this process: until it ends, also if nobody has it in hand. */
        private volatile @Nullable KeptRef granted;

        Entry(KeptRef ref, ReferenceQueue<KeptRef> queue) {
            super(ref, queue);
            this.id = ref.id();
        }
    }

    KeptRef of(HoldInfo info) {
        return entry(info, false);
    }

    KeptRef granted(HoldInfo info) {
        return entry(info, true);
    }

    private KeptRef entry(HoldInfo info, boolean granted) {
        forgetUnused();
        KeptRef[] found = {null};
        known.compute(info.id(), (key, before) -> {
            KeptRef ref = before == null ? null : before.get();
            found[0] = ref == null ? new KeptRef(info) : ref;
            Entry entry = ref == null ? new Entry(found[0], unused) : before;
            if (granted) {
                entry.granted = found[0];
            }
            return entry;
        });
        return found[0];
    }

    /**
     * It is not there any more, by this process's own doing.
     *
     * @param id as the store writes it
     */
    void ended(String id) {
        known.remove(Wire.unescape(id));
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

    /** Whether this process knows of a hold that has not ended. */
    boolean knows(String id) {
        return known.containsKey(id);
    }

    /** All of them. */
    List<KeptRef> all() {
        return known.values().stream().map(Entry::get).filter(Objects::nonNull).toList();
    }

    private void forgetUnused() {
        for (Object entry = unused.poll(); entry != null; entry = unused.poll()) {
            known.remove(((Entry) entry).id, entry);
        }
    }
}
