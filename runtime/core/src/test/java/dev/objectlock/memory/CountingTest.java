package dev.objectlock.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.Extent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.ConflictRule;
import dev.objectlock.backend.Terms;
import dev.objectlock.memory.HoldSet.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random holds in one tree: the counted answer, the pure rule, and the rule written out here must agree. */
class CountingTest {

    private static final String[] PATHS = {"a", "a/b", "a/b/c", "a/b/d", "a/e", "a/e/f", "a/bb"};

    private static final List<LockMode> MODES = List.of(LockMode.values());

    private final Random random = new Random();
    private final MemoryLockBackend backend = MemoryLockBackend.create();
    private final MemoryProcess process = new MemoryProcess(backend, "p", null);
    private final Tree tree = new Tree(backend);

    @RepeatedTest(60)
    void countsAgreeWithTheRule(RepetitionInfo repetition) {
        long seed = 7919L * repetition.getCurrentRepetition();
        random.setSeed(seed);
        TreeHolds holds = new Tree(backend);
        List<Held> all = new ArrayList<>();
        int most = random.nextBoolean() ? 6 : 60;
        for (int step = 0; step < 2_000; step++) {
            boolean shrink = all.size() > random.nextInt(most);
            if (shrink && !all.isEmpty()) {
                Held gone = all.remove(random.nextInt(all.size()));
                holds.remove(gone);
            } else {
                Held held = held();
                // Mostly as in life: only what may be there together; sometimes anything.
                if (random.nextInt(4) == 0
                        || all.stream().noneMatch(one -> literal(one.claim, one.owner(), held.claim, held.owner()))) {
                    all.add(held);
                    holds.add(held);
                }
            }
            check(holds, all, seed, step);
        }
        List.copyOf(all).forEach(holds::remove);
        assertThat(holds.hasNoHolds()).isTrue();
    }

    private void check(TreeHolds holds, List<Held> all, long seed, int step) {
        LockOwner owner = owner();
        Claim claim = claim(owner);
        for (Search search : Search.values()) {
            Claim asked = search == Search.NOT_OWN
                    ? new Claim(
                            claim.path(),
                            Terms.scoped(
                                    LockMode.USER,
                                    claim.terms().scope(),
                                    claim.terms().access()))
                    : claim;
            Held found = holds.find(asked, owner, search);
            boolean expected = all.stream()
                    .filter(held -> search.admits(held, owner))
                    .anyMatch(held -> literal(held.claim, held.owner(), asked, owner));
            assertThat(found != null)
                    .as(
                            "seed %s step %s: %s by %s with %s among %s holds, found %s",
                            seed, step, asked, owner, search, all.size(), found)
                    .isEqualTo(expected);
            if (found != null) {
                assertThat(all).contains(found);
                assertThat(search.admits(found, owner)).isTrue();
                assertThat(ConflictRule.conflict(found.claim, found.owner(), asked, owner))
                        .isTrue();
                assertNearest(found, asked, owner, search, all);
            }
        }
        checkOwn(holds, all, owner);
    }

    /** The one named is on the object, else the nearest above, else any below. */
    private static void assertNearest(Held found, Claim asked, LockOwner owner, Search search, List<Held> all) {
        int distance = distance(found.claim.path(), asked.path());
        for (Held other : all) {
            if (search.admits(other, owner) && ConflictRule.conflict(other.claim, other.owner(), asked, owner)) {
                assertThat(distance(other.claim.path(), asked.path())).isGreaterThanOrEqualTo(distance);
            }
        }
    }

    private static int distance(LockPath held, LockPath asked) {
        return held.isAtOrAbove(asked)
                ? asked.segments().size() - held.segments().size()
                : 100;
    }

    private void checkOwn(TreeHolds holds, List<Held> all, LockOwner owner) {
        LockPath path = LockPath.parse(PATHS[random.nextInt(PATHS.length)]);
        List<Held> own = new ArrayList<>();
        holds.forEachKeptCovering(path, owner, own::add);
        assertThat(own)
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .filter(held -> held.isKept() && held.belongsTo(owner))
                        .filter(held -> held.claim.path().equals(path)
                                || held.terms().isTree() && held.claim.path().isAtOrAbove(path))
                        .toList());
        assertThat(holds.under(path))
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .filter(held -> path.isAtOrAbove(held.claim.path()))
                        .toList());
        assertThat(holds.on(path))
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .filter(held -> path.equals(held.claim.path()))
                        .toList());
    }

    /** The rule as the design states it, word by word. */
    private static boolean literal(Claim a, LockOwner ao, Claim b, LockOwner bo) {
        boolean bothShared =
                a.terms().access() == LockAccess.SHARED && b.terms().access() == LockAccess.SHARED;
        if (bothShared || !literalOverlap(a, b)) {
            return false;
        }
        boolean aOwns = a.terms().mode() != LockMode.MONITOR;
        boolean bOwns = b.terms().mode() != LockMode.MONITOR;
        if (aOwns && bOwns) {
            return !literalAdmits(a, ao, b, bo) || !literalAdmits(b, bo, a, ao);
        }
        if (aOwns && !literalAdmits(a, ao, b, bo) || bOwns && !literalAdmits(b, bo, a, ao)) {
            return true;
        }
        boolean sameObject = a.path().toString().equals(b.path().toString());
        boolean sameFlow = Objects.equals(ao.user(), bo.user())
                && Objects.equals(ao.client(), bo.client())
                && Objects.equals(ao.flow(), bo.flow());
        boolean monitorMeetsB = !aOwns && (!bOwns || !b.terms().kept());
        boolean monitorMeetsA = !bOwns && (!aOwns || !a.terms().kept());
        return sameObject && !sameFlow && (monitorMeetsA || monitorMeetsB);
    }

    private static boolean literalAdmits(Claim hold, LockOwner owner, Claim other, LockOwner otherOwner) {
        if (owner.user() == null || otherOwner.user() == null || !owner.user().equals(otherOwner.user())) {
            return false;
        }
        if (hold.terms().mode() == LockMode.USER) {
            return true;
        }
        return Objects.equals(owner.client(), otherOwner.client())
                || other.terms().mode() == LockMode.USER && other.terms().kept();
    }

    private static boolean literalOverlap(Claim a, Claim b) {
        String p = a.path() + "/";
        String q = b.path() + "/";
        if (p.equals(q)) {
            return a.extent() == null
                    || b.extent() == null
                    || Math.max(a.extent().from(), b.extent().from())
                            < Math.min(a.extent().to(), b.extent().to());
        }
        return a.terms().scope() == LockScope.TREE && q.startsWith(p)
                || b.terms().scope() == LockScope.TREE && p.startsWith(q);
    }

    private Held held() {
        LockOwner owner = owner();
        Claim claim = claim(owner);
        Ask ask = new Ask(owner, new Ask.Series("r"), List.of(claim), Ask.Patience.NONE, false, 0);
        return claim.terms().kept()
                ? new KeptHeld(process, claim, owner, 1, 0)
                : new ScopedHeld(tree, process, ask, 0, null);
    }

    private LockOwner owner() {
        int user = random.nextInt(5);
        String client = "c" + random.nextInt(2);
        String flow = "f" + random.nextInt(3);
        return new LockOwner(user == 4 ? null : "u" + user % 2, client, flow);
    }

    private Claim claim(LockOwner owner) {
        LockPath path = LockPath.parse(PATHS[random.nextInt(PATHS.length)]);
        LockMode mode = owner.user() == null ? LockMode.MONITOR : MODES.get(random.nextInt(3));
        LockScope scope = mode == LockMode.MONITOR || random.nextInt(3) == 0 ? LockScope.OBJECT : LockScope.TREE;
        LockAccess access = random.nextBoolean() ? LockAccess.SHARED : LockAccess.EXCLUSIVE;
        boolean kept = random.nextBoolean();
        long from = random.nextInt(5);
        Extent extent = scope == LockScope.OBJECT && random.nextInt(4) == 0
                ? new Extent(from, from + 1 + random.nextInt(3))
                : null;
        return new Claim(
                path, kept ? Terms.kept(mode, scope, access, null) : Terms.scoped(mode, scope, access), extent);
    }

    @Test
    void theRuleIsSymmetric() {
        random.setSeed(3);
        for (int i = 0; i < 200_000; i++) {
            LockOwner one = owner();
            LockOwner two = owner();
            Claim a = claim(one);
            Claim b = claim(two);
            assertThat(ConflictRule.conflict(a, one, b, two))
                    .as("%s by %s and %s by %s", a, one, b, two)
                    .isEqualTo(ConflictRule.conflict(b, two, a, one))
                    .isEqualTo(literal(a, one, b, two));
        }
    }
}
