package dev.objectlock.testkit;

import dev.objectlock.LockBackendException;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.LockBackend;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A store of which single questions fail, and never arrive. */
final class FailingBackend extends InterceptedBackend {

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /** Has a permit for each question that failed. */
    private final Semaphore failed = new Semaphore(0);

    FailingBackend(LockBackend real) {
        super(real);
    }

    /** A question fails from now on: {@code withdraw}, or for requests under one root {@code withdraw cell:1}. */
    void fail(String question) {
        failing.add(question);
    }

    /** The store's own code is broken: the question throws an error. */
    void breakDown(String question) {
        broken.add(question);
    }

    /** Nothing fails any more. */
    void mend() {
        failing.clear();
        broken.clear();
    }

    /** The questions since this was last called. */
    List<String> asked() {
        List<String> all = List.copyOf(asked);
        asked.removeAll(all);
        return all;
    }

    /** Waits until a question has failed; each is waited for once. */
    boolean awaitFailure() throws InterruptedException {
        return failed.tryAcquire(20, TimeUnit.SECONDS);
    }

    @Override
    protected @Nullable Object asked(Call call) {
        String question = call.name();
        String inTree = call.argument(0, Ask.class)
                .map(ask -> question + " " + ask.rootName())
                .orElse(question);
        asked.add(question);
        if (broken.contains(question) || broken.contains(inTree)) {
            throw new AssertionError(inTree + " is broken");
        }
        if (failing.contains(question) || failing.contains(inTree)) {
            failed.release();
            return CompletableFuture.failedFuture(new LockBackendException("no answer", true, null));
        }
        return call.proceed();
    }
}
