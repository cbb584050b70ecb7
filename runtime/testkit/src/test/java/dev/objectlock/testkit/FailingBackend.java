package dev.objectlock.testkit;

import dev.objectlock.LockBackendException;
import dev.objectlock.LockTime;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A store of which single questions fail, and never arrive. */
final class FailingBackend implements LockBackend {

    private final LockBackend real;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /** Has a permit for each question that failed. */
    private final Semaphore failed = new Semaphore(0);

    FailingBackend(LockBackend real) {
        this.real = real;
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
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        return real.join(listener).thenApply(this::failing);
    }

    private JoinedProcess failing(JoinedProcess process) {
        return (JoinedProcess) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JoinedProcess.class}, (proxy, method, args) -> {
                    String question = method.getName();
                    String inTree =
                            args != null && args[0] instanceof Ask ask ? question + " " + ask.rootName() : question;
                    asked.add(question);
                    LockBackendException failure = new LockBackendException("no answer", true, null);
                    if (broken.contains(question) || broken.contains(inTree)) {
                        throw new AssertionError(inTree + " is broken");
                    }
                    if (failing.contains(question) || failing.contains(inTree)) {
                        failed.release();
                        return CompletableFuture.failedFuture(failure);
                    }
                    try {
                        return method.invoke(process, args);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Override
    public String name() {
        return "failing " + real.name();
    }

    @Override
    public LockTime time() {
        return real.time();
    }

    @Override
    public Optional<Duration> processTimeout() {
        return real.processTimeout();
    }

    @Override
    public void close() {
        real.close();
    }
}
