package dev.objectlock.spring;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.EnableObjectLocks.Uncovered;
import dev.objectlock.weave.Woven;
import dev.objectlock.weave.WovenMethod;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Looks at every annotated method when the context starts: it must be right, and a call of it must meet its lock. What is
 * neither woven nor proxied would be called without a lock, and nobody would notice.
 */
final class UncoveredMethods implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(UncoveredMethods.class);

    private final ConfigurableListableBeanFactory beans;
    private final ObjectLocks locks;
    private final AdviceMode mode;
    private final Uncovered uncovered;
    private final @Nullable ScannedPackages packages;
    private final Environment environment;

    UncoveredMethods(
            ConfigurableListableBeanFactory beans,
            ObjectLocks locks,
            AdviceMode mode,
            Uncovered uncovered,
            @Nullable ScannedPackages packages,
            Environment environment) {
        this.environment = environment;
        this.beans = beans;
        this.locks = locks;
        this.mode = mode;
        this.uncovered = uncovered;
        this.packages = packages;
    }

    /**
     * Looks at all of them.
     *
     * @throws LockConfigurationException if an annotation is wrong
     * @throws UncoveredMethodsException if a method is not covered
     */
    @Override
    public void afterSingletonsInstantiated() {
        Set<String> found = new LinkedHashSet<>();
        forEachBean(beans, (name, type) -> {
            if (isOfApplication(type)) {
                addUncovered(type, new BeanProxy(name, instanceOf(name)), found);
            }
        });
        if (packages != null) {
            Set<Class<?>> ofBeans = new LinkedHashSet<>();
            for (BeanFactory at = beans;
                    at instanceof ConfigurableListableBeanFactory own;
                    at = own.getParentBeanFactory()) {
                forEachBean(own, (name, type) -> ofBeans.add(type));
            }
            for (Class<?> type : AnnotatedClasses.in(packages, environment, ClassUtils.getDefaultClassLoader())) {
                if (ofBeans.stream().noneMatch(type::isAssignableFrom)) {
                    addUncovered(type, null, found);
                }
            }
        }
        report(found);
    }

    private static void forEachBean(ConfigurableListableBeanFactory beans, BiConsumer<String, Class<?>> visitor) {
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null) {
                visitor.accept(name, ClassUtils.getUserClass(type));
            }
        }
    }

    /** Null if it has not been made, or is made by a factory: then it is the factory that is known by this name. */
    private @Nullable Object instanceOf(String name) {
        Object singleton = beans.getSingleton(name);
        return singleton instanceof FactoryBean ? null : singleton;
    }

    private void report(Set<String> found) {
        if (found.isEmpty()) {
            return;
        }
        String message = (found.size() == 1
                        ? "a method would be called without its lock:"
                        : found.size() + " methods would be called without their locks:")
                + System.lineSeparator() + "  " + String.join(System.lineSeparator() + "  ", found);
        if (uncovered == Uncovered.FAIL) {
            throw new UncoveredMethodsException(message);
        }
        LOG.warn(message);
    }

    /** What Spring brings along has no locks of ours. */
    private static boolean isOfApplication(Class<?> type) {
        String name = type.getName();
        return !name.startsWith("org.springframework.") && !name.startsWith("java.") && !name.startsWith("jakarta.");
    }

    private void addUncovered(Class<?> type, @Nullable BeanProxy bean, Set<String> found) {
        for (Method method : methodsOf(type)) {
            WovenMethod read = WovenMethod.read(method, null).in(locks);
            read.checkParticipants(locks, type);
            if (read.isRestricted() && !method.isAnnotationPresent(Woven.class)) {
                String why = whyUncovered(method, type, bean);
                if (why != null) {
                    found.add(method.getDeclaringClass().getSimpleName() + "." + describe(method) + ": " + why);
                }
            }
        }
    }

    private @Nullable String whyUncovered(Method method, Class<?> type, @Nullable BeanProxy bean) {
        Method specific = ObjectLockAdvisor.methodOf(method, type);
        if (!specific.equals(method)) {
            return specific.isAnnotationPresent(Woven.class)
                            || WovenMethod.read(specific, null).isWorthWeaving()
                    ? null
                    : "what it says is not inherited by "
                            + specific.getDeclaringClass().getSimpleName()
                            + ", which overrides or implements it; repeat it there";
        }
        if (bean == null) {
            return method.getDeclaringClass().getSimpleName()
                    + " is not a bean here, so there is no proxy around it; weave it (docs/weaving.md), make it a bean or, if"
                    + " it is not used here, have no packages looked through (objectlock.scan=false)";
        }
        if (mode == AdviceMode.ASPECTJ) {
            return "it is not woven, and proxies are switched off by mode = ASPECTJ; weave it (docs/weaving.md)";
        }
        return bean.whyNotTakenIn(method, type);
    }

    /** Those that it has and inherits, and those that its interfaces declare. */
    private static List<Method> methodsOf(Class<?> type) {
        List<Method> methods = new ArrayList<>();
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            methods.addAll(List.of(at.getDeclaredMethods()));
        }
        for (Class<?> declared : ClassUtils.getAllInterfacesForClassAsSet(type)) {
            if (isOfApplication(declared)) {
                methods.addAll(List.of(declared.getDeclaredMethods()));
            }
        }
        methods.removeIf(method -> method.isBridge() || method.isSynthetic());
        return methods;
    }

    private static String describe(Method method) {
        List<String> parameters = new ArrayList<>();
        for (Class<?> parameter : method.getParameterTypes()) {
            parameters.add(parameter.getSimpleName());
        }
        return method.getName() + "(" + String.join(", ", parameters) + ")";
    }
}
