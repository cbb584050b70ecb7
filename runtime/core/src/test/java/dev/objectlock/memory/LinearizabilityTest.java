package dev.objectlock.memory;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockTime;
import dev.objectlock.Loss;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Ask.Patience;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.backend.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.util.LoggingLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Whatever several threads ask of the memory backend at once, its answers are those of {@link OneAfterTheOther} in some
 * order. Each thread is an owner of its own, and gives back what it took itself.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "target", gen = IntGen.class, conf = "0:4")
@Param(name = "path", gen = IntGen.class, conf = "0:3")
@Param(name = "kind", gen = IntGen.class, conf = "0:4")
public class LinearizabilityTest {

    /** How many times as many schedules are tried as in the normal build. */
    private static final int TIMES = Integer.getInteger("objectlock.lincheck", 1);

    /** What never touches anything that another thread sees: no need to switch threads inside. */
    private static final String[] NOT_SHARED = {
        "java.security.SecureRandom",
        "java.lang.Long",
        "dev.objectlock.LockOwner",
        "dev.objectlock.LockPath",
        "dev.objectlock.backend.Claim",
        "dev.objectlock.backend.ConflictRule",
        "dev.objectlock.backend.Terms",
        "dev.objectlock.memory.SmallWorld",
        "dev.objectlock.memory.SmallWorld$Kind",
    };

    private static final ProcessListener NOBODY = new ProcessListener() {
        @Override
        public void happened(LockEvent event) {}

        @Override
        public void lost(Ask ask, Loss loss) {}

        @Override
        public void over(Connection connection) {}

        @Override
        public void historyOver(String root, long fence) {}

        @Override
        public void missed() {}
    };

    /** Nothing here has a lease. */
    private static final LockTime STANDS_STILL = new LockTime() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public Alarm schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("nothing has a time");
        }
    };

    private final JoinedProcess process =
            now(MemoryLockBackend.create(STANDS_STILL).join(NOBODY));
    private final Ask[][] held = new Ask[SmallWorld.OWNERS.size()][SmallWorld.TARGETS.size()];
    private final Ask[] queued = new Ask[SmallWorld.OWNERS.size()];
    private final Ask.Series[] series = {new Ask.Series("s0"), new Ask.Series("s1"), new Ask.Series("s2")};

    @Operation
    public String take(
            @Param(name = "thread") int thread, @Param(name = "target") int target, @Param(name = "kind") int kind) {
        int who = SmallWorld.who(thread);
        if (held[who][target] != null) {
            return "has it";
        }
        Ask ask = ask(who, SmallWorld.kind(kind).scoped(target), Patience.NONE);
        if (now(process.ask(ask)) instanceof Answer.Granted) {
            held[who][target] = ask;
            return "granted";
        }
        return "refused";
    }

    @Operation
    public boolean giveBack(@Param(name = "thread") int thread, @Param(name = "target") int target) {
        int who = SmallWorld.who(thread);
        if (held[who][target] == null) {
            return false;
        }
        now(process.giveBack(held[who][target]));
        held[who][target] = null;
        return true;
    }

    @Operation
    public String enterLine(
            @Param(name = "thread") int thread, @Param(name = "target") int target, @Param(name = "kind") int kind) {
        int who = SmallWorld.who(thread);
        if (queued[who] != null) {
            return "has a place";
        }
        queued[who] = ask(who, SmallWorld.kind(kind).scoped(target), Patience.FOR_ANYTHING);
        return now(process.ask(queued[who])) instanceof Answer.Granted ? "granted" : "queued";
    }

    /** Leaves the line, or gives back what was granted meanwhile. */
    @Operation
    public String leaveLine(@Param(name = "thread") int thread) {
        int who = SmallWorld.who(thread);
        Ask ask = queued[who];
        if (ask == null) {
            return "has no place";
        }
        queued[who] = null;
        if (now(process.withdraw(ask)).isPresent()) {
            return "left";
        }
        now(process.giveBack(ask));
        return "was granted";
    }

    @Operation
    public String keep(
            @Param(name = "thread") int thread, @Param(name = "path") int path, @Param(name = "kind") int kind) {
        int who = SmallWorld.who(thread);
        Ask ask = ask(who, List.of(SmallWorld.kind(kind).kept(path)), Patience.NONE);
        if (now(process.ask(ask)) instanceof Answer.Granted granted) {
            return granted.kept().get(0).created() ? "created" : "had it";
        }
        return "refused";
    }

    @Operation
    public String release(@Param(name = "thread") int thread, @Param(name = "path") int path) {
        LockOwner owner = SmallWorld.OWNERS.get(SmallWorld.who(thread));
        return now(process.release(SmallWorld.PATHS.get(path), EnumSet.allOf(LockMode.class), owner, false))
                .name();
    }

    @Operation
    public int override(@Param(name = "thread") int thread, @Param(name = "path") int path) {
        LockOwner owner = SmallWorld.OWNERS.get(SmallWorld.who(thread));
        return now(process.override(SmallWorld.PATHS.get(path), owner, "because"))
                .size();
    }

    @Operation
    public boolean guard(@Param(name = "thread") int thread, @Param(name = "path") int path) {
        LockOwner owner = SmallWorld.OWNERS.get(SmallWorld.who(thread));
        Claim claim = new Claim(
                SmallWorld.PATHS.get(path), Terms.scoped(LockMode.USER, LockScope.OBJECT, LockAccess.EXCLUSIVE));
        return now(process.guard(new Guard(owner, claim, false))) instanceof GuardAnswer.Passed;
    }

    @Operation
    public int count(@Param(name = "path") int path) {
        return now(process.list(SmallWorld.PATHS.get(path))).size();
    }

    private Ask ask(int who, List<Claim> claims, Patience patience) {
        return new Ask(SmallWorld.OWNERS.get(who), series[who], claims, patience, false, 0);
    }

    /** The memory backend answers at once. */
    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void underStressAnswersAreThoseOfSomeOrder() {
        new StressOptions()
                .sequentialSpecification(OneAfterTheOther.class)
                .threads(3)
                .actorsPerThread(4)
                .actorsBefore(5)
                .actorsAfter(5)
                .iterations(80 * TIMES)
                .invocationsPerIteration(40)
                .logLevel(LoggingLevel.ERROR)
                .check(LinearizabilityTest.class);
    }

    /** Slow: every class that is touched is rewritten first. So it is one of the longer proofs. */
    @Test
    @EnabledIfSystemProperty(named = "objectlock.lincheck", matches = "\\d+")
    void inEverySwitchOfThreadsAnswersAreThoseOfSomeOrder() {
        new ModelCheckingOptions()
                .sequentialSpecification(OneAfterTheOther.class)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(2)
                .actorsAfter(1)
                .iterations(TIMES)
                .invocationsPerIteration(20)
                .addGuarantee(forClasses(NOT_SHARED).allMethods().ignore())
                .logLevel(LoggingLevel.ERROR)
                .check(LinearizabilityTest.class);
    }
}
