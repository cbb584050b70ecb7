package dev.objectlock.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;

/**
 * What a bean is wrapped in.
 *
 * @param name the name of the bean
 * @param instance the bean, or null if it has not been made yet: then it is looked at as if it had a proxy
 */
record BeanProxy(String name, @Nullable Object instance) {

    /** Says why a call of a method would not meet its lock; null if it would. */
    @Nullable
    String whyNotTakenIn(Method method, Class<?> type) {
        String bean = "of the bean '" + name + "' ";
        if (Modifier.isPrivate(method.getModifiers())) {
            return bean + "is private, which a proxy does not see; make it public, or weave it (docs/weaving.md)";
        }
        if (Modifier.isFinal(method.getModifiers()) || Modifier.isFinal(type.getModifiers()) && isByClass()) {
            return bean + "is final, which a proxy does not see; take that away, or weave it (docs/weaving.md)";
        }
        if (isPackagePrivate(method)
                && !method.getDeclaringClass().getPackageName().equals(type.getPackageName())) {
            return bean + "is package-private in another package than its class, which a proxy does not see; make it"
                    + " protected, or weave it (docs/weaving.md)";
        }
        if (instance == null) {
            return null;
        }
        if (!hasAdvisor(instance)) {
            return bean
                    + "has no proxy: the bean was made before proxies could be (by a BeanPostProcessor, or something that"
                    + " one of those needs), or is made by hand; let Spring make it later, or weave it (docs/weaving.md)";
        }
        if (AopUtils.isJdkDynamicProxy(instance) && !isOfInterface(method)) {
            return bean + "is in none of the interfaces that its proxy is made of; add it to one, or set"
                    + " proxyTargetClass = true (spring.aop.proxy-target-class=true)";
        }
        return null;
    }

    private static boolean isPackagePrivate(Method method) {
        return (method.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED | Modifier.PRIVATE)) == 0;
    }

    private boolean isByClass() {
        return instance == null || !AopUtils.isJdkDynamicProxy(instance);
    }

    private static boolean hasAdvisor(Object proxy) {
        for (Object at = proxy; at instanceof Advised advised; at = AopProxyUtils.getSingletonTarget(at)) {
            for (Advisor advisor : advised.getAdvisors()) {
                if (advisor instanceof ObjectLockAdvisor) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isOfInterface(Method method) {
        return Arrays.stream(
                        instance == null ? new Class<?>[0] : instance.getClass().getInterfaces())
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .anyMatch(declared -> ObjectLockAdvisor.methodOf(declared, method.getDeclaringClass())
                        .equals(method));
    }
}
