package dev.objectlock.testkit.model;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares all that is held and all who wait, in the store and in the model. */
final class Comparison {

    /** A hold as both must see it; times in milliseconds. */
    private record Seen(Part part, Actor owner, long since, @Nullable Long left) {

        private Seen {
            owner = owner.asOwnerOf(part);
        }

        @Override
        public String toString() {
            return part + " of " + owner + " since " + since + (left == null ? "" : ", left " + left);
        }
    }

    /** Somebody who waits as both must see it. */
    private record Waits(Part part, Actor owner, long since) {
        @Override
        public String toString() {
            return part + " of " + owner + " since " + since;
        }
    }

    private final Model model;
    private final Store store;
    private final Instant begin;
    private final Map<ModelHold, String> ids = new HashMap<>();

    /** By root: from the fences of the model to those of the store. */
    private final Map<String, TreeMap<Long, Long>> fences = new HashMap<>();

    Comparison(Model model, Store store, Instant begin) {
        this.model = model;
        this.store = store;
        this.begin = begin;
    }

    void compare(List<String> paths) {
        List<String> roots = paths.stream().map(Part::root).distinct().toList();
        List<String> inUse = new ArrayList<>();
        for (String root : roots) {
            compareHolds(root);
            boolean used =
                    model.table.holds.stream().anyMatch(hold -> hold.part.root().equals(root))
                            || model.table.line.stream()
                                    .anyMatch(waiter -> waiter.root().equals(root));
            if (used) {
                inUse.add(root);
            }
        }
        same("the roots in use", inUse, roots());
        Set<String> waitedFor = new TreeSet<>(paths);
        for (ModelRequest waiter : model.table.line) {
            waiter.parts().forEach(part -> waitedFor.add(part.path()));
        }
        for (String path : waitedFor) {
            if (inUse.contains(Part.root(path))) {
                compareWaiters(path);
            }
        }
    }

    private List<String> roots() {
        return store.locks().roots().stream().map(LockPath::toString).toList();
    }

    private void compareHolds(String root) {
        List<ModelHold> expected = new ArrayList<>();
        for (ModelHold hold : model.table.holds) {
            if (hold.part.root().equals(root)) {
                expected.add(hold);
            }
        }
        expected.sort(Comparator.<ModelHold, String>comparing(hold -> hold.part.path())
                .thenComparing(hold -> hold.fence)
                .thenComparing(hold -> hold.part.kept())
                .thenComparing(hold -> hold.part.mode()));
        List<HoldInfo> real = new ArrayList<>(store.locks().list(LockPath.parse(root)));
        real.sort(Comparator.<HoldInfo, String>comparing(info -> info.path().toString())
                .thenComparing(HoldInfo::fence)
                .thenComparing(HoldInfo::kept)
                .thenComparing(HoldInfo::mode));
        List<Seen> wanted = expected.stream().map(this::seen).toList();
        same("the holds under " + root, wanted, real.stream().map(this::seen).toList());
        for (int i = 0; i < real.size(); i++) {
            compareFence(root, expected.get(i), real.get(i).fence());
            if (isOneOfSeveral(expected, i)) {
                continue;
            }
            String id = ids.computeIfAbsent(expected.get(i), hold -> "");
            if (id.isEmpty()) {
                ids.put(expected.get(i), real.get(i).id());
            } else {
                same("the id of " + wanted.get(i), id, real.get(i).id());
            }
        }
    }

    /** Parts of one request that a move has brought together cannot be told apart. */
    private static boolean isOneOfSeveral(List<ModelHold> sorted, int i) {
        return i > 0 && isAlike(sorted.get(i - 1), sorted.get(i))
                || i + 1 < sorted.size() && isAlike(sorted.get(i), sorted.get(i + 1));
    }

    private static boolean isAlike(ModelHold one, ModelHold other) {
        return one.fence == other.fence && one.part.path().equals(other.part.path());
    }

    private Seen seen(ModelHold hold) {
        return new Seen(hold.part, hold.owner, hold.since, hold.left(model.now()));
    }

    private Seen seen(HoldInfo info) {
        return new Seen(
                Translation.part(info),
                store.actor(info.owner()),
                millis(info.since()),
                info.remaining().map(Duration::toMillis).orElse(null));
    }

    private long millis(Instant moment) {
        return Duration.between(begin, moment).toMillis();
    }

    /** Fences grow as those of the model do, and never go back. */
    private void compareFence(String root, ModelHold hold, long fence) {
        TreeMap<Long, Long> known = fences.computeIfAbsent(root, any -> new TreeMap<>());
        Long before = known.putIfAbsent(hold.fence, fence);
        if (before != null) {
            same("the fence of " + hold, before, fence);
            return;
        }
        Map.Entry<Long, Long> earlier = known.lowerEntry(hold.fence);
        Map.Entry<Long, Long> later = known.higherEntry(hold.fence);
        if (earlier != null && earlier.getValue() >= fence || later != null && later.getValue() <= fence) {
            throw new AssertionError("the fence " + fence + " of " + hold + " does not grow: " + known.values());
        }
    }

    private void compareWaiters(String path) {
        List<Waits> expected = new ArrayList<>();
        for (ModelRequest waiter : model.table.line) {
            for (Part part : waiter.parts()) {
                if (part.coversObject(path)) {
                    expected.add(new Waits(part, waiter.actor, waiter.inLineSince));
                    break;
                }
            }
        }
        List<Waits> real = store.locks().status(LockPath.parse(path)).waiters().stream()
                .map(info -> new Waits(Translation.part(info), store.actor(info.owner()), millis(info.since())))
                .toList();
        same("who waits for " + path, expected, real);
    }

    static void same(String what, Object expected, Object real) {
        if (!expected.equals(real)) {
            throw new AssertionError(what + ": expected " + expected + ", but was " + real);
        }
    }
}
