package dev.objectlock.testkit;

import dev.objectlock.LockBackendException;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A backend with the faults of a network and of a machine between it and its process: the process is paused, replies are
 * lost, requests arrive twice, losses are told late, the store cannot be reached at all. Thread-safe.
 */
public final class FaultyBackend extends InterceptedBackend {

    /** Requests for holds, their return, and logins. */
    private static final Set<String> FAULTY = Set.of("ask", "giveBack", "undo", "openClient");

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> heldBack = new ArrayList<>();
    private final AtomicInteger repliesToLose = new AtomicInteger();
    private boolean paused;
    private volatile boolean deaf;
    private final AtomicInteger joinsTried = new AtomicInteger();
    private volatile boolean repeating;
    private volatile boolean unplugged;
    private volatile boolean lossesLate;
    private final List<Runnable> lateLosses = new ArrayList<>();

    /** The next reply to a request for holds is the last thing that is lost before {@link #unplug}. */
    private volatile boolean unplugging;

    /**
     * Puts itself before a backend.
     *
     * @param real the backend, which is not closed with this one
     */
    public FaultyBackend(LockBackend real) {
        super(real);
    }

    /** Stops the process: nothing that it sends arrives, and nothing reaches it, until {@link #resume}. */
    public void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    /** The process hears nothing: what it sends arrives, and no reply and no message comes back until {@link #resume}. */
    public void deafen() {
        deaf = true;
    }

    /** Lets the process go on: what it sent, or what it was answered, arrives now. What it was told meanwhile is lost. */
    public void resume() {
        List<Runnable> late;
        lock.lock();
        try {
            paused = false;
            deaf = false;
            late = List.copyOf(heldBack);
            heldBack.clear();
        } finally {
            lock.unlock();
        }
        late.forEach(Runnable::run);
    }

    /**
     * Has requests for holds, their return, and logins carried out without a reply: the outcome is unknown to the process.
     *
     * @param count how many of the next ones
     */
    public void loseReplies(int count) {
        repliesToLose.set(count);
    }

    /**
     * Has every request for holds, their return, and every login arrive twice.
     *
     * @param on whether it begins or ends
     */
    public void repeatRequests(boolean on) {
        repeating = on;
    }

    /** Has the process hear late of the loss of its scoped holds: with {@link #tellLosses}, and not before. */
    public void holdLossesBack() {
        lossesLate = true;
    }

    /** Tells all losses that were held back, and holds none back any more. */
    public void tellLosses() {
        lossesLate = false;
        List<Runnable> late;
        lock.lock();
        try {
            late = List.copyOf(lateLosses);
            lateLosses.clear();
        } finally {
            lock.unlock();
        }
        late.forEach(Runnable::run);
    }

    /** Nothing gets through to the store any more, which is known before anything is sent, until {@link #plug}. */
    public void unplug() {
        unplugged = true;
    }

    /** As {@link #unplug}, at the moment when the next request for holds has been carried out and its reply is on its way. */
    public void unplugWithNextReply() {
        unplugging = true;
    }

    /** The store can be reached again. What it has told meanwhile is lost. */
    public void plug() {
        unplugging = false;
        unplugged = false;
    }

    /** Nothing is wrong any more. */
    public void mend() {
        loseReplies(0);
        repeatRequests(false);
        plug();
        resume();
        tellLosses();
    }

    /**
     * Returns how often a process has tried to join.
     *
     * @return the number of attempts, those that failed included
     */
    public int joinsTried() {
        return joinsTried.get();
    }

    private static LockBackendException refused() {
        return new LockBackendException("connection refused", true, null);
    }

    /** {@inheritDoc} */
    @Override
    public String name() {
        return "faulty " + super.name();
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        joinsTried.incrementAndGet();
        if (unplugged) {
            return CompletableFuture.failedFuture(refused());
        }
        CompletableFuture<JoinedProcess> joined = new CompletableFuture<>();
        arrives(() -> super.join(listener).whenComplete(replyTo(joined)));
        return joined;
    }

    /** At once, or when the process goes on. */
    private void arrives(Runnable request) {
        lock.lock();
        try {
            if (paused) {
                heldBack.add(request);
                return;
            }
        } finally {
            lock.unlock();
        }
        request.run();
    }

    @Override
    protected @Nullable Object asked(Call call) {
        if (!call.isRequest()) {
            return call.proceed();
        }
        CompletableFuture<@Nullable Object> reply = new CompletableFuture<>();
        arrives(() -> arrive(call, reply));
        return reply;
    }

    private void arrive(Call call, CompletableFuture<@Nullable Object> reply) {
        boolean faulty = FAULTY.contains(call.name());
        if (unplugged) {
            reply.completeExceptionally(refused());
            return;
        }
        try {
            CompletionStage<@Nullable Object> answer = call.send();
            if (faulty && repeating) {
                answer = call.send();
            }
            if (faulty && unplugging) {
                unplugging = false;
                unplugged = true;
                reply.completeExceptionally(new LockBackendException("the connection broke", false, null));
                return;
            }
            if (faulty && repliesToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                reply.completeExceptionally(new LockBackendException("the reply was lost", false, null));
                return;
            }
            answer.whenComplete(replyTo(reply));
        } catch (RuntimeException | Error failed) {
            reply.completeExceptionally(failed);
        }
    }

    private <T extends @Nullable Object> BiConsumer<T, @Nullable Throwable> replyTo(CompletableFuture<T> asked) {
        return (value, failure) -> reply(() -> {
            if (failure != null) {
                asked.completeExceptionally(failure);
            } else {
                asked.complete(value);
            }
        });
    }

    private void reply(Runnable completes) {
        lock.lock();
        try {
            if (deaf) {
                heldBack.add(completes);
                return;
            }
        } finally {
            lock.unlock();
        }
        completes.run();
    }

    @Override
    protected void told(Call call) {
        boolean late = lossesLate && call.name().equals("lost");
        lock.lock();
        try {
            if (paused || deaf || unplugged) {
                return;
            }
            if (late) {
                lateLosses.add(call::proceed);
                return;
            }
        } finally {
            lock.unlock();
        }
        call.proceed();
    }

    /** Leaves the backend as it is: others use it, too. */
    @Override
    public void close() {}
}
