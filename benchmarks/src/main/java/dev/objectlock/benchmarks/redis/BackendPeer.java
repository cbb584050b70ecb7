package dev.objectlock.benchmarks.redis;

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
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.backend.Terms;
import dev.objectlock.redis.RedisLockBackend;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The backend of this framework without the engine: what is left when the engine's part is taken away. */
final class BackendPeer implements Peer {

    private static final Terms MONITOR = Terms.scoped(LockMode.MONITOR, LockScope.OBJECT, LockAccess.EXCLUSIVE);

    private final RedisClient client;
    private final RedisLockBackend backend;
    private final JoinedProcess process;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger flows = new AtomicInteger();

    BackendPeer(RedisURI uri) {
        client = RedisClient.create(uri);
        backend = RedisLockBackend.create(client);
        process = get(backend.join(new Deaf()));
        long third = backend.processTimeout().orElseThrow().toMillis() / 3;
        heart.scheduleAtFixedRate(process::beat, third, third, TimeUnit.MILLISECONDS);
    }

    @Override
    public Mutex mutex(int object) {
        String flow = process.id() + "." + flows.incrementAndGet();
        Claim claim = new Claim(LockPath.of("bench:" + object, "robot"), MONITOR);
        return new Asked(LockOwner.nobody().onClient(process.id()).inFlow(flow), new Ask.Series(flow), List.of(claim));
    }

    @Override
    public void close() {
        heart.shutdownNow();
        get(process.leave());
        backend.close();
        client.shutdown();
    }

    private static <T extends @Nullable Object> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private final class Asked implements Mutex {

        private final LockOwner owner;
        private final Ask.Series series;
        private final List<Claim> claims;
        private @Nullable Ask held;

        Asked(LockOwner owner, Ask.Series series, List<Claim> claims) {
            this.owner = owner;
            this.series = series;
            this.claims = claims;
        }

        @Override
        public void acquire() {
            Ask ask = new Ask(
                    owner,
                    series,
                    claims,
                    Ask.Patience.FOR_ANYTHING,
                    false,
                    backend.time().nanoTime());
            Answer answer = get(process.ask(ask));
            if (answer instanceof Answer.Queued queued) {
                answer = get(queued.decision());
            }
            if (!(answer instanceof Answer.Granted)) {
                throw new IllegalStateException("the backend answered " + answer);
            }
            held = ask;
        }

        @Override
        public void release() {
            if (held == null) {
                throw new IllegalStateException("nothing was held");
            }
            get(process.giveBack(held));
            held = null;
        }
    }

    /** Nothing is kept, so nothing happens; what is lost is found out in the next turn. */
    private static final class Deaf implements ProcessListener {

        @Override
        public void happened(LockEvent event) {}

        @Override
        public void lost(Ask ask, Loss loss) {
            System.err.println("lost: " + loss);
        }

        @Override
        public void missed() {}

        @Override
        public void over(Connection connection) {}

        @Override
        public void historyOver(String root, long fence) {}
    }
}
