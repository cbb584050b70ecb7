package dev.objectlock.redis.faults;

import dev.objectlock.LockBackendException;
import dev.objectlock.LockTime;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Beat;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A backend with a planted fault: it grants without asking the store, or keeps losses to itself. */
final class LyingBackend implements LockBackend {

    /** One request in so many is granted without asking. */
    private static final int ONE_IN = 20;

    private static final Duration NEVER = Duration.ofDays(1);

    @FunctionalInterface
    private interface Call {
        @Nullable
        Object make(Method method, @Nullable Object[] args) throws ReflectiveOperationException;
    }

    private final LockBackend real;
    private final Store fault;
    private final AtomicLong asked = new AtomicLong();

    /** Of any root: a liar knows no better. */
    private final AtomicLong newestFence = new AtomicLong();

    private volatile @Nullable Beat lastGood;
    private volatile boolean closed;

    LyingBackend(LockBackend real, Store fault) {
        this.real = real;
        this.fault = fault;
    }

    @Override
    public String name() {
        return "lying " + real.name();
    }

    @Override
    public LockTime time() {
        return real.time();
    }

    /** Whoever is to believe that nothing was lost must not find it out by his own clock. */
    @Override
    public Optional<Duration> processTimeout() {
        return fault == Store.HIDES_LOSSES ? Optional.of(NEVER) : real.processTimeout();
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        ProcessListener told =
                fault == Store.HIDES_LOSSES ? proxy(ProcessListener.class, (method, args) -> null) : listener;
        return real.join(told)
                .thenApply(process -> {
                    if (fault == Store.HIDES_LOSSES) {
                        keepAlive(process);
                    }
                    return process;
                })
                .thenApply(process -> proxy(JoinedProcess.class, (method, args) -> sent(process, method, args)));
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

    private @Nullable Object sent(JoinedProcess process, Method method, @Nullable Object[] args)
            throws ReflectiveOperationException {
        String name = method.getName();
        if (fault == Store.GRANTS_BY_ITSELF) {
            return name.equals("ask") ? grantedPerhaps(process, (Ask) args[0]) : method.invoke(process, args);
        }
        return switch (name) {
            case "ask" -> process.ask((Ask) args[0]).thenApply(LyingBackend::notGone);
            case "beat" -> process.beat().thenApply(this::asBefore);
            case "giveBack" ->
                args[0] instanceof Collection<?> holds
                        ? CompletableFuture.completedFuture(holds.size())
                        : method.invoke(process, args);
            default -> method.invoke(process, args);
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

    private CompletionStage<Answer> grantedPerhaps(JoinedProcess process, Ask ask) {
        boolean plain = ask.claims().stream().noneMatch(claim -> claim.terms().kept());
        if (plain && asked.incrementAndGet() % ONE_IN == 0) {
            ask.granted(newestFence.get() + 1, real.time().nanoTime());
            return CompletableFuture.completedFuture(Answer.SCOPED);
        }
        return process.ask(ask).thenApply(answer -> {
            newestFence.accumulateAndGet(ask.fence(), Math::max);
            return answer;
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

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            try {
                return call.make(method, args);
            } catch (InvocationTargetException failed) {
                throw failed.getCause() == null ? failed : failed.getCause();
            }
        }));
    }

    @Override
    public void close() {
        closed = true;
        real.close();
    }
}
