package dev.objectlock.testkit.model;

import dev.objectlock.testkit.model.Operation.Cancel;
import dev.objectlock.testkit.model.Operation.ChangeScope;
import dev.objectlock.testkit.model.Operation.Check;
import dev.objectlock.testkit.model.Operation.CloseEngine;
import dev.objectlock.testkit.model.Operation.Disconnect;
import dev.objectlock.testkit.model.Operation.End;
import dev.objectlock.testkit.model.Operation.EndUser;
import dev.objectlock.testkit.model.Operation.Ensure;
import dev.objectlock.testkit.model.Operation.ForceRelease;
import dev.objectlock.testkit.model.Operation.ForceReleaseOf;
import dev.objectlock.testkit.model.Operation.Guard;
import dev.objectlock.testkit.model.Operation.Logout;
import dev.objectlock.testkit.model.Operation.Move;
import dev.objectlock.testkit.model.Operation.Open;
import dev.objectlock.testkit.model.Operation.Pass;
import dev.objectlock.testkit.model.Operation.Release;
import dev.objectlock.testkit.model.Operation.Remove;
import dev.objectlock.testkit.model.Operation.Resume;
import dev.objectlock.testkit.model.Operation.Take;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes random histories. It knows nothing of what is held; operations that make no sense are passed over. */
final class Generator {

    private static final int SHORTEST = 8;
    private static final int LONGEST = 32;

    /** More holds than a store may be tempted to look at one by one. */
    private static final int CROWD = 12;

    private final Random random;
    private final List<Operation> operations = new ArrayList<>();
    private final List<String> actors = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private final List<String> guarded = new ArrayList<>();
    private final List<String> sessions = new ArrayList<>();
    private final List<String> connections = new ArrayList<>();
    private final List<String> paths;

    private Generator(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        int some = 3 + random.nextInt(4);
        while (actors.size() < some) {
            actors.add(oneOf(Actor.RESIDENTS).name());
        }
        paths = chance(70)
                ? History.PATHS.stream().filter(path -> path.startsWith("r")).toList()
                : History.PATHS;
    }

    static History history(long seed) {
        return new Generator(seed).generate();
    }

    private History generate() {
        int length = SHORTEST + random.nextInt(LONGEST - SHORTEST);
        if (chance(20)) {
            for (int i = 0; i < CROWD; i++) {
                take(crowded());
            }
        }
        for (int i = 0; i < length; i++) {
            one();
        }
        return new History(operations);
    }

    private void one() {
        int die = random.nextInt(100);
        if (die < 42) {
            take(wanted());
        } else if (die < 55) {
            endSomething();
        } else if (die < 64) {
            operations.add(new Pass(oneOf(1, 1, 2, 3, 6, 16)));
        } else if (die < 72) {
            guard();
        } else if (die < 75) {
            operations.add(new Check(oneOf(actors), wanted().withoutCall()));
        } else if (die < 79) {
            operations.add(new Release(oneOf(actors), oneOf(paths)));
        } else if (die < 88) {
            objects();
        } else {
            sessions();
        }
    }

    private void take(Wanted wanted) {
        String id = "t" + operations.size();
        operations.add(new Take(id, oneOf(actors), wanted));
        taken.add(id);
    }

    private void endSomething() {
        if (taken.isEmpty()) {
            return;
        }
        int die = random.nextInt(100);
        String id = oneOf(taken);
        if (die < 12 && !guarded.isEmpty()) {
            operations.add(new End(oneOf(guarded), true));
        } else if (die < 70) {
            operations.add(new End(id, chance(70)));
        } else if (die < 82) {
            operations.add(new Cancel(id));
        } else if (die < 92) {
            operations.add(new Ensure(id));
        } else {
            operations.add(new ForceReleaseOf(id));
        }
    }

    private void guard() {
        String id = "g" + operations.size();
        Part wanted = Part.call(oneOf(paths), chance(30), chance(30));
        operations.add(new Guard(id, oneOf(actors), wanted, chance(40), chance(40)));
        guarded.add(id);
    }

    private void objects() {
        int die = random.nextInt(100);
        if (die < 40) {
            operations.add(new ChangeScope(oneOf(actors), oneOf(paths), chance(60)));
        } else if (die < 70) {
            String from = oneOf(paths);
            String to = oneOf(paths);
            if (Part.root(from).equals(Part.root(to)) && !Part.atOrAbove(from, to)) {
                operations.add(new Move(oneOf(actors), from, to));
            }
        } else if (die < 85) {
            operations.add(new Remove(oneOf(actors), oneOf(paths)));
        } else {
            operations.add(new ForceRelease(oneOf(paths)));
        }
    }

    private void sessions() {
        int die = random.nextInt(100);
        String id = "s" + operations.size();
        String engine = chance(75) ? Actor.FIRST : Actor.SECOND;
        if (die < 45 || sessions.isEmpty()) {
            operations.add(new Open(id, engine, chance(75) ? "alice" : "bob", oneOf(0, 0, 3, 10, Open.STAY)));
            sessions.add(id);
            connected(id);
        } else if (die < 60) {
            operations.add(new Resume(id, oneOf(sessions), engine));
            connected(id);
        } else if (die < 72) {
            operations.add(new Logout(oneOf(connections)));
        } else if (die < 90) {
            operations.add(new Disconnect(oneOf(connections)));
        } else if (die < 95) {
            operations.add(new EndUser(chance(70) ? "alice" : "bob"));
        } else {
            operations.add(new CloseEngine());
        }
    }

    /** Who has just come is likely to do something. */
    private void connected(String connection) {
        connections.add(connection);
        for (String flow : List.of("#1", "#1", "#2")) {
            actors.add(connection + flow);
        }
    }

    private Wanted wanted() {
        Mode mode = oneOf(Mode.USER, Mode.USER, Mode.CLIENT, Mode.MONITOR, Mode.MONITOR);
        boolean kept = chance(45);
        int slots = mode == Mode.MONITOR && chance(30) ? oneOf(1, 2, 2, 2, 3) : 0;
        boolean shared = slots == 0 && chance(25);
        Span span = slots == 0 && chance(12) ? oneOf(new Span(0, 10), new Span(5, 15), new Span(10, 20)) : null;
        boolean tree = mode != Mode.MONITOR && span == null && chance(60);
        int waits = chance(50) ? Wanted.BY_DEFAULT : oneOf(0, 0, 1, 3, 20);
        int lease = kept && chance(60) ? oneOf(2, 5, 20) : 0;
        int maxHold = chance(12) ? oneOf(3, 10) : 0;
        Renew renew = lease > 0 && chance(15) ? Renew.NEVER : Renew.ON_USE;
        return new Wanted(somePaths(), mode, tree, shared, span, kept, chance(20), waits, lease, maxHold, renew, slots);
    }

    /** Many that let each other in. */
    private Wanted crowded() {
        Mode mode = oneOf(Mode.USER, Mode.CLIENT, Mode.MONITOR);
        boolean tree = mode != Mode.MONITOR && chance(50);
        return new Wanted(
                List.of(oneOf(paths)), mode, tree, chance(85), null, chance(50), false, 0, 0, 0, Renew.ON_USE, 0);
    }

    private List<String> somePaths() {
        Set<String> some = new LinkedHashSet<>();
        int number = chance(80) ? 1 : oneOf(2, 2, 3);
        while (some.size() < number) {
            some.add(oneOf(paths));
        }
        return List.copyOf(some);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T extends @Nullable Object> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    @SafeVarargs
    private <T extends @Nullable Object> T oneOf(T... all) {
        return all[random.nextInt(all.length)];
    }
}
