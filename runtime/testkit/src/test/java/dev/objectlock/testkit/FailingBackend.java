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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A store of which single questions fail, and never arrive. */
final class FailingBackend implements LockBackend {

    private final LockBackend real;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> throwing = ConcurrentHashMap.newKeySet();

    /** Has a permit for each question that failed. */
    private final Semaphore failed = new Semaphore(0);

    FailingBackend(LockBackend real) {
        this.real = real;
    }

    /** A question fails from now on: {@code withdraw}, or for requests under one root {@code withdraw cell:1}. */
    void fail(String question) {
        failing.add(question);
    }

    /** As {@link #fail}, while it is being sent. */
    void failAtOnce(String question) {
        throwing.add(question);
    }

    /** Nothing fails any more. */
    void mend() {
        failing.clear();
        throwing.clear();
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
                    LockBackendException failure = new LockBackendException("no answer", true, null);
                    if (throwing.contains(question) || throwing.contains(inTree)) {
                        failed.release();
                        throw failure;
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
