package dev.objectlock.weave;

import dev.objectlock.Loss;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts a body, or cancels the stage that it returned, as soon as its hold is lost. The thread is never interrupted after
 * the body has ended: it may be doing somebody else's work then.
 */
final class Interruption implements Consumer<Loss> {

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread body = Thread.currentThread();
    private @Nullable Runnable cancel;
    private @Nullable Loss loss;
    private boolean interrupted;
    private volatile Runnable stop = () -> {};

    /** Says how to listen no more. */
    void until(Runnable stopsListening) {
        stop = stopsListening;
    }

    /** The call is over: its holds are not listened to any more. */
    void stop() {
        stop.run();
    }

    @Override
    public void accept(Loss why) {
        Runnable stage;
        lock.lock();
        try {
            loss = why;
            if (body != null) {
                interrupted = true;
                body.interrupt();
            }
            stage = cancel;
        } finally {
            lock.unlock();
        }
        if (stage != null) {
            stage.run();
        }
    }

    /** The body has ended on its thread; takes back an interruption that it did not notice. */
    void bodyEnded() {
        lock.lock();
        try {
            body = null;
            if (interrupted) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The work goes on until a stage is complete. */
    void onStage(CompletableFuture<?> out, CompletionStage<?> work) {
        Runnable cancelWork = () -> {
            if (work instanceof CompletableFuture<?> future) {
                future.cancel(true);
            } else {
                out.cancel(true);
            }
        };
        boolean late;
        lock.lock();
        try {
            cancel = cancelWork;
            late = loss != null;
        } finally {
            lock.unlock();
        }
        if (late) {
            cancelWork.run();
        }
    }

    /** Returns why the body was interrupted; null if it was not. */
    @Nullable
    Loss loss() {
        lock.lock();
        try {
            return loss;
        } finally {
            lock.unlock();
        }
    }
}
