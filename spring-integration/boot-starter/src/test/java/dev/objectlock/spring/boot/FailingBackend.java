package dev.objectlock.spring.boot;

import dev.objectlock.LockBackendException;
import dev.objectlock.LockTime;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import dev.objectlock.memory.MemoryLockBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store that can be out of reach. */
public final class FailingBackend implements LockBackend {

    private final LockBackend real = MemoryLockBackend.create(LockTime.system());
    private volatile boolean outOfReach;

    /** From now on. */
    public void outOfReach(boolean failing) {
        outOfReach = failing;
    }

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        return real.join(listener).thenApply(this::failing);
    }

    private JoinedProcess failing(JoinedProcess process) {
        return (JoinedProcess) Proxy.newProxyInstance(
                JoinedProcess.class.getClassLoader(), new Class<?>[] {JoinedProcess.class}, (proxy, method, args) -> {
                    if (outOfReach && method.getReturnType() == CompletionStage.class) {
                        return CompletableFuture.failedFuture(
                                new LockBackendException("the store at localhost:1 cannot be reached", true, null));
                    }
                    try {
                        return method.invoke(process, args);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Override
    public void close() {
        real.close();
    }
}
