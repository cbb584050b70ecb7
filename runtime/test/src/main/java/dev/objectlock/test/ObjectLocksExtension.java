package dev.objectlock.test;

import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives each test an engine in memory with a {@link TestTime}, which woven calls on the test's own thread use too, runs
 * it as the user that {@link AsUser} names, and checks afterwards that nothing is held and nobody waits. Other threads
 * enter the engine with {@code locks.runAs}, or take the test's user along with {@code OwnerContext.carry()}.
 *
 * <p>A test gets both as parameters of type {@code ObjectLocks} and {@code TestTime}.
 */
public final class ObjectLocksExtension implements ParameterResolver, InvocationInterceptor, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(ObjectLocksExtension.class);

    private record Engine(ObjectLocks locks, TestTime time) {}

    /** For JUnit. */
    public ObjectLocksExtension() {}

    private static Engine engine(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(
                        context.getUniqueId(),
                        key -> {
                            TestTime time = new TestTime();
                            return new Engine(
                                    ObjectLocks.builder()
                                            .time(time)
                                            .name(context.getDisplayName())
                                            .build(),
                                    time);
                        },
                        Engine.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == ObjectLocks.class || type == TestTime.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Engine engine = engine(context);
        return parameter.getParameter().getType() == TestTime.class ? engine.time : engine.locks;
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runAsOwner(invocation, context);
    }

    /** Parameterised and repeated tests. */
    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runAsOwner(invocation, context);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runAsOwner(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runAsOwner(invocation, context);
    }

    private static void runAsOwner(Invocation<@Nullable Void> invocation, ExtensionContext context) throws Throwable {
        Outcome outcome = new Outcome();
        engine(context).locks.runAs(owner(context), () -> outcome.of(invocation));
        if (outcome.failure != null) {
            throw outcome.failure;
        }
    }

    /** A test may throw anything, also what a body cannot. */
    private static final class Outcome {
        private @Nullable Throwable failure;

        void of(Invocation<@Nullable Void> invocation) {
            try {
                invocation.proceed();
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }
    }

    private static LockOwner owner(ExtensionContext context) {
        Optional<AsUser> user = AnnotationSupport.findAnnotation(context.getTestMethod(), AsUser.class)
                .or(() -> AnnotationSupport.findAnnotation(context.getTestClass(), AsUser.class));
        if (user.isEmpty()) {
            return LockOwner.nobody();
        }
        LockOwner owner = LockOwner.user(user.get().value());
        return user.get().client().isEmpty() ? owner : owner.onClient(user.get().client());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ObjectLocks locks = engine(context).locks;
        try {
            if (context.getExecutionException().isEmpty()) {
                LockAssertions.assertNothingHeld(locks);
            }
        } finally {
            locks.close();
        }
    }
}
