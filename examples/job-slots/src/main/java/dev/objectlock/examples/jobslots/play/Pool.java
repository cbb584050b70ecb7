package dev.objectlock.examples.jobslots.play;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.jobslots.jobs.RenderFarm;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The slots as the store has them, a letter each: {@code AAAAAbbbbbCCCCC.....}. Small ones belong to a worker that is silent. */
final class Pool {

    private final ObjectLocks locks;
    private final Set<String> silent = new HashSet<>();

    Pool(ObjectLocks locks) {
        this.locks = locks;
    }

    void falls(String worker) {
        silent.add(worker);
    }

    void comesBack(String worker) {
        silent.remove(worker);
    }

    String picture() {
        String taken = locks.status(LockPath.parse(RenderFarm.PATH)).holds().stream()
                .map(HoldInfo::owner)
                .map(this::letter)
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .collect(Collectors.joining());
        return taken + ".".repeat(Math.max(0, RenderFarm.SLOTS - taken.length()));
    }

    int slotsOf(String worker) {
        LockOwner owner = LockOwner.application(worker);
        List<HoldInfo> holds = locks.status(LockPath.parse(RenderFarm.PATH)).holds();
        return (int)
                holds.stream().filter(hold -> hold.owner().isSameUser(owner)).count();
    }

    private String letter(LockOwner owner) {
        String worker = owner.name().substring(owner.name().indexOf(':') + 1);
        return silent.contains(worker) ? worker.toLowerCase(Locale.ROOT) : worker;
    }
}
