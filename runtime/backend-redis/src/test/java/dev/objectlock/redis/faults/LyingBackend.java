package dev.objectlock.redis.faults;

import dev.objectlock.LockBackendException;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Beat;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.testkit.InterceptedBackend;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A backend with a planted fault: it grants without asking the store, or keeps losses to itself. */
final class LyingBackend extends InterceptedBackend {

    /** One request in so many is granted without asking. */
    private static final int ONE_IN = 20;

    private static final Duration NEVER = Duration.ofDays(1);

    private final LockBackend real;
    private final Store fault;
    private final AtomicLong asked = new AtomicLong();

    /** Of any root: a liar knows no better. */
    private final AtomicLong newestFence = new AtomicLong();

    private volatile @Nullable Beat lastGood;
    private volatile boolean closed;

    LyingBackend(LockBackend real, Store fault) {
        super(real);
        this.real = real;
        this.fault = fault;
    }

    /** Whoever is to believe that nothing was lost must not find it out by his own clock. */
    @Override
    public Optional<Duration> processTimeout() {
        return fault == Store.HIDES_LOSSES ? Optional.of(NEVER) : real.processTimeout();
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        return super.join(listener).thenApply(process -> {
            if (fault == Store.HIDES_LOSSES) {
                keepAlive(process);
            }
            return process;
        });
    }

    @Override
    protected void told(Call call) {
        if (fault != Store.HIDES_LOSSES) {
            call.proceed();
        }
    }

    /** In place of the process, which has no reason to. */
    private void keepAlive(JoinedProcess process) {
        Duration third = real.processTimeout().orElseThrow().dividedBy(3);
        real.time().schedule(third, () -> {
            if (!closed) {
                process.beat();
                keepAlive(process);
            }
        });
    }

    @Override
    protected @Nullable Object asked(Call call) {
        if (fault == Store.GRANTS_BY_ITSELF) {
            return call.argument(0, Ask.class)
                    .filter(ask -> call.name().equals("ask"))
                    .<Object>map(ask -> grantedPerhaps(ask, call))
                    .orElseGet(call::proceed);
        }
        return switch (call.name()) {
            case "ask" -> call.send().thenApply(answer -> notGone((Answer) answer));
            case "beat" -> call.send().thenApply(beat -> asBefore((Beat) beat));
            case "giveBack" ->
                call.argument(0, Collection.class)
                        .<Object>map(holds -> CompletableFuture.completedFuture(holds.size()))
                        .orElseGet(call::proceed);
            default -> call.proceed();
        };
    }

    private static Answer notGone(Answer answer) {
        if (answer instanceof Answer.ProcessGone) {
            throw new LockBackendException("this process is dead for the store, and must not know it", true, null);
        }
        if (answer instanceof Answer.Queued queued) {
            return new Answer.Queued(queued.refused(), queued.decision().thenApply(LyingBackend::notGone));
        }
        return answer;
    }

    private CompletionStage<Answer> grantedPerhaps(Ask ask, Call call) {
        boolean plain = ask.claims().stream().noneMatch(claim -> claim.terms().kept());
        if (plain && asked.incrementAndGet() % ONE_IN == 0) {
            ask.granted(newestFence.get() + 1, real.time().nanoTime());
            return CompletableFuture.completedFuture(Answer.SCOPED);
        }
        return call.send().thenApply(answer -> {
            newestFence.accumulateAndGet(ask.fence(), Math::max);
            return (Answer) answer;
        });
    }

    /** Every sign of life is answered as the first one was. */
    private Beat asBefore(Beat beat) {
        Beat good = lastGood;
        if (good == null) {
            good = beat;
            lastGood = beat;
        }
        return new Beat(true, good.epoch(), List.of());
    }

    @Override
    public void close() {
        closed = true;
        super.close();
    }
}
