package dev.objectlock.spring;

import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.weave.Woven;
import dev.objectlock.weave.WovenMethod;
import java.lang.reflect.Method;
import org.springframework.aop.ClassFilter;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.annotation.AnnotationUtils;

/** Finds the methods that a proxy has to take in: annotated, and not woven. */
final class ObjectLockAdvisor extends DefaultPointcutAdvisor {

    private static final long serialVersionUID = 1L;

    ObjectLockAdvisor(ObjectLockInterceptor interceptor) {
        super(new Annotated(), interceptor);
    }

    /** What a method of a class is, as the weaver would see it: what it overrides or implements does not count. */
    static Method methodOf(Method method, Class<?> targetClass) {
        return AopUtils.getMostSpecificMethod(method, targetClass);
    }

    private static final class Annotated extends StaticMethodMatcherPointcut {

        Annotated() {
            ClassFilter candidates = type -> AnnotationUtils.isCandidateClass(type, ObjectLock.class);
            setClassFilter(candidates);
        }

        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            Method specific = methodOf(method, targetClass);
            return !specific.isAnnotationPresent(Woven.class)
                    && WovenMethod.read(specific, null).isWorthWeaving();
        }
    }
}
