package dev.objectlock.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.backend.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Trees come and go under the eyes of several threads: all under roots that share one part of the table, so that each of
 * them moves what the others are looking at.
 */
class RootsTest {

    private static final int TURNS = Integer.getInteger("objectlock.races", 200) * 100;
    private static final int THREADS = 4;
    private static final int PARTS = 256;

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

    /** One root; its plain fields are protected by its lock alone. */
    private static final class Root {
        final LockPath path;
        int inside;
        long fence;

        Root(LockPath path) {
            this.path = path;
        }
    }

    private final MemoryLockBackend backend = MemoryLockBackend.create();
    private final JoinedProcess process =
            backend.join(NOBODY).toCompletableFuture().join();
    private final List<Root> roots = rootsOfOnePart(24);

    private static List<Root> rootsOfOnePart(int count) {
        List<Root> roots = new ArrayList<>();
        for (int i = 0; roots.size() < count; i++) {
            String name = "root" + i;
            int hash = name.hashCode();
            if (((hash ^ hash >>> 16) & PARTS - 1) == 7) {
                roots.add(new Root(LockPath.of(name)));
            }
        }
        return roots;
    }

    @Test
    void aRootIsOneTreeAndItsFenceGrows() {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                running.add(threads.submit(() -> work(number)));
            }
            running.forEach(Race::await);
        } finally {
            threads.shutdownNow();
        }
        assertThat(backend.rootNames()).isEmpty();
        assertThat(Leftovers.in(backend)).isEmpty();
    }

    private void work(int number) {
        Random random = new Random(number);
        LockOwner me = new LockOwner("u" + number, "c" + number, "f" + number);
        LockOwner stranger = new LockOwner("stranger", "s", "s" + number);
        Ask.Series series = new Ask.Series("s" + number);
        List<Root> held = new ArrayList<>();
        List<Ask> asks = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            Root root = roots.get(random.nextInt(roots.size()));
            Claim claim = new Claim(root.path, Terms.scoped(LockMode.USER, LockScope.TREE, LockAccess.EXCLUSIVE));
            Ask ask = new Ask(me, series, List.of(claim), Ask.Patience.NONE, false, 0);
            if (!held.contains(root) && process.ask(ask).toCompletableFuture().join() instanceof Answer.Granted) {
                enter(root, ask);
                held.add(root);
                asks.add(ask);
            }
            for (Root mine : held) {
                assertThat(isInTheWayOf(stranger, mine))
                        .as("%s is held", mine.path)
                        .isTrue();
            }
            while (held.size() > random.nextInt(5)) {
                held.remove(0).inside--;
                process.giveBack(asks.remove(0));
            }
        }
        while (!held.isEmpty()) {
            held.remove(0).inside--;
            process.giveBack(asks.remove(0));
        }
    }

    private static void enter(Root root, Ask ask) {
        root.inside++;
        assertThat(root.inside).as("in %s", root.path).isEqualTo(1);
        assertThat(ask.fence()).as("fence of %s", root.path).isGreaterThan(root.fence);
        root.fence = ask.fence();
    }

    /** A check looks for a tree without a lock first. */
    private boolean isInTheWayOf(LockOwner other, Root root) {
        Claim call = new Claim(root.path, Terms.scoped(LockMode.USER, LockScope.OBJECT, LockAccess.EXCLUSIVE));
        return process.guard(new Guard(other, call, false))
                        .toCompletableFuture()
                        .join()
                instanceof GuardAnswer.InTheWay;
    }
}
