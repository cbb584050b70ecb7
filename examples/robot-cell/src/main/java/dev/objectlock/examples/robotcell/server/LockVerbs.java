package dev.objectlock.examples.robotcell.server;

import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.examples.robotcell.cell.Cell;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The verbs that are about locks themselves: they talk to the library in code. */
final class LockVerbs {

    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final int LONGEST_WAIT_SECONDS = 600;

    private final ObjectLocks locks;
    private final Map<String, LockPath> paths = new LinkedHashMap<>();

    LockVerbs(Cell cell, ObjectLocks locks) {
        this.locks = locks;
        paths.put("cell", locks.pathOf(cell));
        paths.put("robot", locks.pathOf(cell.robot()));
        paths.put("arm", locks.pathOf(cell.robot().arm()));
        paths.put("gripper", locks.pathOf(cell.robot().gripper()));
        paths.put("camera", locks.pathOf(cell.camera()));
    }

    List<Verb> all() {
        return List.of(
                verb("lock OBJECT MODE [SECONDS]", "keeps a USER or CLIENT lock; waits for it if told so", this::lock),
                verb("unlock OBJECT", "gives your locks on it back", this::unlock),
                verb("override OBJECT REASON...", "takes everybody's locks on it away", this::override),
                verb("who [OBJECT]", "says who has what, by default in the whole cell", this::who));
    }

    private Verb verb(String usage, String meaning, Verb.Action action) {
        return new Verb(usage, meaning, true, words -> path(words).toString(), action);
    }

    private LockPath path(Words words) {
        LockPath path = paths.get(words.count() == 0 ? "cell" : words.text(0));
        if (path == null) {
            throw words.notOneOf(0, paths.keySet());
        }
        return path;
    }

    private Reply lock(Connection client, Words words) {
        // A MONITOR belongs to one call, so keeping one from line to line would be of no use.
        LockMode mode = words.oneOf(1, List.of(LockMode.USER, LockMode.CLIENT));
        int seconds = words.count() < 3 ? 0 : words.number(2, "SECONDS", 1, LONGEST_WAIT_SECONDS);
        LockRequest request = LockRequest.of(mode, path(words)).keep().lease(LEASE);
        if (seconds > 0) {
            locks.check(request).ifPresent(refused -> client.progress("waiting: " + Say.refusal(refused)));
            request = request.waitFor(Duration.ofSeconds(seconds));
        }
        long asked = System.nanoTime();
        Hold hold = locks.acquire(request);
        String waited = seconds == 0 ? "" : " after " + Say.since(asked);
        return Reply.ok(mode + " lock kept" + waited + Say.left(hold.timeLeft()));
    }

    private Reply unlock(Connection client, Words words) {
        return switch (locks.release(path(words))) {
            case RELEASED -> Reply.ok("unlocked");
            case NOT_HELD -> Reply.refused("nobody has locked it");
            case NOT_YOURS -> Reply.refused("it is not your lock: " + holders(path(words)));
            case COVERED_BY -> Reply.refused("your lock is further up: " + holders(path(words)));
            case LOST -> Reply.lost("you had lost the lock before");
        };
    }

    private Reply override(Connection client, Words words) {
        int taken = locks.forceRelease(path(words), words.textFrom(1));
        return Reply.ok(taken + (taken == 1 ? " lock" : " locks") + " taken away");
    }

    private Reply who(Connection client, Words words) {
        String holders = holders(path(words));
        return Reply.ok(holders.isEmpty() ? "free" : holders);
    }

    /** What covers an object from above, what is on it and what is below, each once. */
    private String holders(LockPath path) {
        Map<String, HoldInfo> holds = new LinkedHashMap<>();
        locks.status(path).holds().forEach(hold -> holds.put(hold.id(), hold));
        locks.list(path).forEach(hold -> holds.put(hold.id(), hold));
        return String.join(
                "; ",
                holds.values().stream()
                        .map(hold -> hold.owner().name() + " (" + Say.hold(hold) + ")")
                        .toList());
    }
}
