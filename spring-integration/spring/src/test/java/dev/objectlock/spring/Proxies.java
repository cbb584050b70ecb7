package dev.objectlock.spring;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.ObjectLocks;
import java.lang.reflect.Modifier;
import org.springframework.aop.framework.AopConfigException;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** The proxies that beans get, around objects that are no beans. */
final class Proxies {

    private Proxies() {}

    @SuppressWarnings("unchecked")
    static <T> T around(T fixture, ObjectLocks engine) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("locks", engine);
        ObjectLockAdvisor advisor =
                new ObjectLockAdvisor(new ObjectLockInterceptor(beans.getBeanProvider(ObjectLocks.class)));
        // As for beans: what nothing is to be done about, and what cannot have a subclass, gets no proxy.
        if (!AopUtils.canApply(advisor, fixture.getClass())
                || Modifier.isFinal(fixture.getClass().getModifiers())
                || fixture instanceof Enum) {
            return fixture;
        }
        ProxyFactory proxies = new ProxyFactory(fixture);
        proxies.setProxyTargetClass(true);
        proxies.addAdvisor(advisor);
        try {
            return (T) proxies.getProxy(fixture.getClass().getClassLoader());
        } catch (AopConfigException wrapped) {
            throw wrapped.getCause() instanceof LockConfigurationException wrong ? wrong : wrapped;
        }
    }
}
