package dev.objectlock.aspectj;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockTransaction;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.Unrestricted;
import dev.objectlock.weave.Woven;
import dev.objectlock.weave.WovenCall;
import dev.objectlock.weave.WovenMethod;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.aspectj.lang.JoinPoint;
import org.aspectj.lang.reflect.MethodSignature;

/**
 * Weaves the locks into annotated methods: translates a join point, and leaves the rest to {@link WovenCall}.
 *
 * <p>The name of the aspect and of its advice is part of the classes that it is woven into.
 */
public aspect ObjectLockAspect {

    /** Locks come first: whatever else is woven around a method runs inside them. */
    declare precedence : ObjectLockAspect, *;

    /** Marked itself, or by an annotation of the user's own that is marked. */
    pointcut onMethod() :
        execution(@(ObjectLock || ObjectLock.List || Guarded || ReleaseLock || LockTransaction || Unrestricted) * *(..))
        || execution(@(@(ObjectLock || ObjectLock.List || Guarded || ReleaseLock || LockTransaction || Unrestricted) *) * *(..));

    /**
     * A public instance method of a class that is marked: exactly those that get the mark below, so not what a class
     * overrides or implements of a type that is marked itself. The weaver sees that {@code @ObjectLock} and {@code
     * @Guarded} are inherited, but never that an annotation is which has one of them on itself.
     */
    pointcut onClass() :
        execution(public !static * *(..)) && (@within(ObjectLock) || @within(ObjectLock.List) || @within(Guarded))
        || execution(public !static * (@(@(ObjectLock || ObjectLock.List || Guarded) *) *).*(..))
            && within(@(@(ObjectLock || ObjectLock.List || Guarded) *) *);

    pointcut locked() : onMethod() || onClass();

    // A method without a body is not woven, whatever stands on it. Whether an annotation is inherited is seen only where
    // it stands alone, not within an "or".
    declare @method :
        @(ObjectLock || ObjectLock.List || Guarded || ReleaseLock || LockTransaction || Unrestricted) !abstract * *(..) : @Woven;
    declare @method :
        !@(ObjectLock || ObjectLock.List || Guarded || ReleaseLock || LockTransaction || Unrestricted)
        @(@(ObjectLock || ObjectLock.List || Guarded || ReleaseLock || LockTransaction || Unrestricted) *)
        !abstract * *(..) : @Woven;
    declare @method :
        !@(ObjectLock || ObjectLock.List || Guarded || ReleaseLock || LockTransaction || Unrestricted)
        public !static !abstract * ((@ObjectLock *) || (@ObjectLock.List *) || (@Guarded *)).*(..) : @Woven;
    declare @method :
        !@(ObjectLock || ObjectLock.List || Guarded || ReleaseLock || LockTransaction || Unrestricted)
        public !static !abstract * (@(@(ObjectLock || ObjectLock.List || Guarded) *) *).*(..) : @Woven;

    /** What is known of the methods of a class lives as long as the class. */
    private static final ClassValue<ConcurrentMap<JoinPoint.StaticPart, WovenMethod>> METHODS = new ClassValue<>() {
        @Override
        protected ConcurrentMap<JoinPoint.StaticPart, WovenMethod> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private static final Object[] NO_ARGS = {};

    // The same for each number of parameters: a join point with its arguments is an object that AspectJ makes for every call,
    // with a counter that all threads share; so it is only asked for where the parameters are many.

    Object around(Object target) : locked() && this(target) && args() {
        WovenCall call = WovenCall.enter(methodOf(thisJoinPointStaticPart), target, NO_ARGS);
        if (call == null) {
            return proceed(target);
        }
        Object result;
        try {
            result = proceed(target);
        } catch (Throwable failure) {
            throw ObjectLockAspect.<RuntimeException>asIs(call.threw(failure));
        }
        return call.returned(result);
    }

    Object around(Object target, Object a) : locked() && this(target) && args(a) {
        WovenCall call = WovenCall.enter(methodOf(thisJoinPointStaticPart), target, new Object[] {a});
        if (call == null) {
            return proceed(target, a);
        }
        Object result;
        try {
            result = proceed(target, a);
        } catch (Throwable failure) {
            throw ObjectLockAspect.<RuntimeException>asIs(call.threw(failure));
        }
        return call.returned(result);
    }

    Object around(Object target, Object a, Object b) : locked() && this(target) && args(a, b) {
        WovenCall call = WovenCall.enter(methodOf(thisJoinPointStaticPart), target, new Object[] {a, b});
        if (call == null) {
            return proceed(target, a, b);
        }
        Object result;
        try {
            result = proceed(target, a, b);
        } catch (Throwable failure) {
            throw ObjectLockAspect.<RuntimeException>asIs(call.threw(failure));
        }
        return call.returned(result);
    }

    Object around(Object target, Object a, Object b, Object c) : locked() && this(target) && args(a, b, c) {
        WovenCall call = WovenCall.enter(methodOf(thisJoinPointStaticPart), target, new Object[] {a, b, c});
        if (call == null) {
            return proceed(target, a, b, c);
        }
        Object result;
        try {
            result = proceed(target, a, b, c);
        } catch (Throwable failure) {
            throw ObjectLockAspect.<RuntimeException>asIs(call.threw(failure));
        }
        return call.returned(result);
    }

    Object around(Object target, Object a, Object b, Object c, Object d) : locked() && this(target) && args(a, b, c, d) {
        WovenCall call = WovenCall.enter(methodOf(thisJoinPointStaticPart), target, new Object[] {a, b, c, d});
        if (call == null) {
            return proceed(target, a, b, c, d);
        }
        Object result;
        try {
            result = proceed(target, a, b, c, d);
        } catch (Throwable failure) {
            throw ObjectLockAspect.<RuntimeException>asIs(call.threw(failure));
        }
        return call.returned(result);
    }

    Object around() : locked() && (execution(static * *(..)) || args(*, *, *, *, *, ..)) {
        WovenCall call = WovenCall.enter(
            methodOf(thisJoinPointStaticPart), thisJoinPoint.getTarget(), thisJoinPoint.getArgs());
        if (call == null) {
            return proceed();
        }
        Object result;
        try {
            result = proceed();
        } catch (Throwable failure) {
            throw ObjectLockAspect.<RuntimeException>asIs(call.threw(failure));
        }
        return call.returned(result);
    }

    private static WovenMethod methodOf(JoinPoint.StaticPart part) {
        ConcurrentMap<JoinPoint.StaticPart, WovenMethod> known = METHODS.get(part.getSignature().getDeclaringType());
        WovenMethod method = known.get(part);
        if (method == null) {
            MethodSignature signature = (MethodSignature) part.getSignature();
            method = WovenMethod.read(signature.getMethod(), signature.getParameterNames());
            known.put(part, method);
        }
        return method;
    }

    /** Throws whatever the body threw: the compiler does not know which checked exceptions that may be. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> X asIs(Throwable failure) throws X {
        throw (X) failure;
    }
}
