package dev.objectlock.testkit;

import dev.objectlock.LockTime;
import dev.objectlock.backend.JoinedProcess;
import dev.objectlock.backend.LockBackend;
import dev.objectlock.backend.ProcessListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A backend with something between it and its processes. By itself it passes everything on as it is; subclasses see what processes
 * {@linkplain #asked ask} of the store and what it {@linkplain #told tells} them, and may delay, repeat, change or refuse it.
 * Closes the backend with itself. As thread-safe as its subclass.
 */
public abstract class InterceptedBackend implements LockBackend {

    private final LockBackend real;

    /**
     * Puts itself before a backend.
     *
     * @param real the backend
     */
    protected InterceptedBackend(LockBackend real) {
        this.real = real;
    }

    /** One call between a process and its store, in either direction. It can be made later, several times, or not at all. */
    protected static final class Call {

        private final Object target;
        private final Method method;
        private final @Nullable Object @Nullable [] arguments;

        private Call(Object target, Method method, @Nullable Object @Nullable [] arguments) {
            this.target = target;
            this.method = method;
            this.arguments = arguments;
        }

        /**
         * Returns which operation it is.
         *
         * @return the name of the method
         */
        public String name() {
            return method.getName();
        }

        /**
         * Returns whether the answer comes by a stage.
         *
         * @return false for what is told, and for what a process knows without asking
         */
        public boolean isRequest() {
            return CompletionStage.class.isAssignableFrom(method.getReturnType());
        }

        /**
         * Returns an argument.
         *
         * @param index which, from 0
         * @param type what it must be
         * @param <T> what it must be
         * @return the argument; empty if there is none, or if it is something else
         */
        public <T> Optional<T> argument(int index, Class<T> type) {
            return arguments != null && index < arguments.length && type.isInstance(arguments[index])
                    ? Optional.of(type.cast(arguments[index]))
                    : Optional.empty();
        }

        /**
         * Makes the call.
         *
         * @return what it returns
         */
        public @Nullable Object proceed() {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException failed) {
                return thrown(Objects.requireNonNull(failed.getCause()));
            } catch (IllegalAccessException hidden) {
                throw new IllegalStateException(hidden);
            }
        }

        /** Nothing between a process and its store throws a checked exception. */
        private static Object thrown(Throwable cause) {
            if (cause instanceof RuntimeException plain) {
                throw plain;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(cause);
        }

        /**
         * Makes the call, which {@linkplain #isRequest is a request}.
         *
         * @return what the store answers
         */
        @SuppressWarnings("unchecked")
        public CompletionStage<@Nullable Object> send() {
            return (CompletionStage<@Nullable Object>) Objects.requireNonNull(proceed());
        }
    }

    /**
     * A process asks something of the store.
     *
     * @param call what it asks
     * @return what the process gets; unless overridden, what the store returns
     */
    protected @Nullable Object asked(Call call) {
        return call.proceed();
    }

    /**
     * The store tells a process something. Nothing that it tells is answered.
     *
     * @param call what it tells; made at once, unless this is overridden
     */
    protected void told(Call call) {
        call.proceed();
    }

    /** {@inheritDoc} */
    @Override
    public CompletionStage<JoinedProcess> join(ProcessListener listener) {
        return real.join(hearing(listener)).thenApply(this::asking);
    }

    private ProcessListener hearing(ProcessListener listener) {
        return between(ProcessListener.class, listener, call -> {
            told(call);
            return null;
        });
    }

    private JoinedProcess asking(JoinedProcess process) {
        return between(JoinedProcess.class, process, this::asked);
    }

    @FunctionalInterface
    private interface Passing {
        @Nullable
        Object pass(Call call);
    }

    private static <T> T between(Class<T> type, T target, Passing passing) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Call call = new Call(target, method, arguments);
                    return method.getDeclaringClass() == Object.class ? call.proceed() : passing.pass(call);
                }));
    }

    /** {@inheritDoc} */
    @Override
    public String name() {
        return real.name();
    }

    /** {@inheritDoc} */
    @Override
    public LockTime time() {
        return real.time();
    }

    /** {@inheritDoc} */
    @Override
    public Optional<Duration> processTimeout() {
        return real.processTimeout();
    }

    /** {@inheritDoc} */
    @Override
    public void close() {
        real.close();
    }
}
