package dev.objectlock.spring.boot.web;

import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.boot.ConditionalOnObjectLocks;
import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import dev.objectlock.spring.boot.ObjectLocksProperties;
import dev.objectlock.spring.web.ObjectLockFilter;
import dev.objectlock.spring.web.ObjectLockSessionFilter;
import dev.objectlock.spring.web.WebClients;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/** HTTP: each request is a flow of its user, and each HTTP session a client. */
@AutoConfiguration(after = ObjectLocksAutoConfiguration.class)
@ConditionalOnObjectLocks
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({OncePerRequestFilter.class, FilterRegistrationBean.class})
public final class ObjectLocksWebAutoConfiguration {

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.web.SecurityFilterChain",
            ObjectLocksWebAutoConfiguration.class.getClassLoader());

    /** For Spring. */
    public ObjectLocksWebAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    WebClients objectLockWebClients(ObjectLocks locks, ObjectLocksProperties properties) {
        return new WebClients(
                locks,
                switch (properties.getGuests()) {
                    case AUTO -> !SECURITY;
                    case ALLOW -> true;
                    case REFUSE -> false;
                });
    }

    @Bean
    @ConditionalOnMissingBean(name = "objectLockFilterRegistration")
    FilterRegistrationBean<ObjectLockFilter> objectLockFilterRegistration(WebClients clients) {
        FilterRegistrationBean<ObjectLockFilter> registration =
                new FilterRegistrationBean<>(new ObjectLockFilter(clients));
        registration.setOrder(ObjectLockFilter.ORDER);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        return registration;
    }

    @Bean
    @ConditionalOnMissingBean(name = "objectLockSessionFilterRegistration")
    FilterRegistrationBean<ObjectLockSessionFilter> objectLockSessionFilterRegistration() {
        FilterRegistrationBean<ObjectLockSessionFilter> registration =
                new FilterRegistrationBean<>(new ObjectLockSessionFilter());
        registration.setOrder(ObjectLockSessionFilter.ORDER);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        return registration;
    }
}
