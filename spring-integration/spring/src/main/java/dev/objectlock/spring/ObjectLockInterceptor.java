package dev.objectlock.spring;

import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.weave.ThreadOwner;
import dev.objectlock.weave.WovenCall;
import dev.objectlock.weave.WovenMethod;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.MethodClassKey;
import org.springframework.util.function.SingletonSupplier;

/** Translates the call of a proxy, and leaves the rest to {@link WovenCall}. It uses the engine of its own context. */
final class ObjectLockInterceptor implements MethodInterceptor {

    private final SingletonSupplier<ObjectLocks> locks;
    private final ConcurrentMap<MethodClassKey, WovenMethod> methods = new ConcurrentHashMap<>();

    ObjectLockInterceptor(ObjectProvider<ObjectLocks> locks) {
        this.locks = SingletonSupplier.of(locks::getObject);
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = Objects.requireNonNull(invocation.getThis(), "a proxy with locks has a target");
        WovenMethod method = methodOf(invocation.getMethod(), target.getClass());
        if (!method.isRestricted()) {
            // An emergency stop runs even where there is no engine to ask.
            return proceed(method, target, invocation);
        }
        OwnerContext before = ThreadOwner.use(locks.obtain());
        try {
            return proceed(method, target, invocation);
        } finally {
            ThreadOwner.restore(before);
        }
    }

    private static @Nullable Object proceed(WovenMethod method, Object target, MethodInvocation invocation)
            throws Throwable {
        WovenCall call = WovenCall.enter(method, target, invocation.getArguments());
        if (call == null) {
            return invocation.proceed();
        }
        Object result;
        try {
            result = invocation.proceed();
        } catch (Throwable failure) {
            throw call.threw(failure);
        }
        return call.returned(result);
    }

    private WovenMethod methodOf(Method called, Class<?> targetClass) {
        MethodClassKey key = new MethodClassKey(called, targetClass);
        WovenMethod known = methods.get(key);
        if (known == null) {
            known = WovenMethod.read(ObjectLockAdvisor.methodOf(called, targetClass), null);
            methods.put(key, known);
        }
        return known;
    }
}
