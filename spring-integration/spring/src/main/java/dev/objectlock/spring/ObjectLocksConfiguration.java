package dev.objectlock.spring;

import dev.objectlock.LockAuthorizer;
import dev.objectlock.LockListener;
import dev.objectlock.LockObserver;
import dev.objectlock.ObjectLocks;
import dev.objectlock.ObjectLocksBuilder;
import dev.objectlock.SessionPolicy;
import dev.objectlock.UndoHistory;
import dev.objectlock.backend.LockBackend;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.ImportAware;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/** The engine of a context, its life, and the look at all annotated methods. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class ObjectLocksConfiguration implements ImportAware, BeanNameAware, DisposableBean {

    private static final ClassLoader LOADER = ObjectLocksConfiguration.class.getClassLoader();
    private static final boolean TRANSACTIONS =
            ClassUtils.isPresent("org.springframework.transaction.ConfigurableTransactionManager", LOADER);
    private static final boolean SECURITY =
            ClassUtils.isPresent("org.springframework.security.core.context.SecurityContextHolder", LOADER);

    private String name = "";
    private @Nullable EnabledAttributes attributes;
    private @Nullable ObjectLocks own;

    @Override
    public void setImportMetadata(AnnotationMetadata importedBy) {
        attributes = EnabledAttributes.of(importedBy);
    }

    @Override
    public void setBeanName(String given) {
        name = given;
    }

    /**
     * An application that makes its own has no need of this one, which is then never made. A context below another locks where
     * that does: they are one application.
     */
    @Bean(destroyMethod = "")
    @Lazy
    @Fallback
    ObjectLocks objectLocks(
            ApplicationContext context,
            ObjectProvider<LockAuthorizer> authorizer,
            ObjectProvider<OverridingApplication> overriding,
            ObjectProvider<SessionPolicy> sessionPolicy,
            ObjectProvider<LockListener> listeners,
            ObjectProvider<LockObserver> observer,
            ObjectProvider<UndoHistory> history,
            ObjectProvider<ObjectLocksCustomizer> customizers) {
        ObjectLocks above = above(context);
        if (above != null) {
            return above;
        }
        ObjectLocksBuilder builder = ObjectLocks.builder()
                .name(context.getId())
                .properties(new ContextProperties(context))
                .listener(context::publishEvent);
        LockBackend backend = onlyBackend(context);
        if (backend != null) {
            builder.backend(backend);
        }
        if (TRANSACTIONS) {
            builder.databaseTransactions(new SpringTransactions());
        }
        if (SECURITY) {
            builder.threadOwner(SecurityOwner::ofThread);
        }
        builder.authorizer(new Authority(
                authorizer.getIfAvailable(ObjectLocksConfiguration::defaultRule),
                overriding.stream()
                        .map(one -> String.valueOf(one.owner().user()))
                        .collect(Collectors.toSet())));
        sessionPolicy.ifAvailable(builder::sessionPolicy);
        observer.ifAvailable(builder::observer);
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        history.ifAvailable(builder::history);
        ObjectLocks made = builder.build();
        own = made;
        return made;
    }

    private static @Nullable ObjectLocks above(ApplicationContext context) {
        ApplicationContext parent = context.getParent();
        return parent == null ? null : parent.getBeanProvider(ObjectLocks.class).getIfAvailable();
    }

    @Override
    public void destroy() {
        if (own != null) {
            own.close();
        }
    }

    private static LockAuthorizer defaultRule() {
        return SECURITY ? SecurityOwner::privileges : LockAuthorizer.everyNamedUser();
    }

    private @Nullable LockBackend onlyBackend(ApplicationContext context) {
        Map<String, LockBackend> backends = context.getBeansOfType(LockBackend.class);
        if (backends.size() > 1) {
            throw new SeveralBackendsException("there are " + backends.size() + " LockBackend beans, "
                    + backends.keySet()
                    + ", and an engine has one: keep one of them");
        }
        if (backends.isEmpty()) {
            return null;
        }
        Map.Entry<String, LockBackend> only = backends.entrySet().iterator().next();
        if (context.getAutowireCapableBeanFactory() instanceof ConfigurableBeanFactory beans) {
            // The engine leaves its store before that is closed.
            beans.registerDependentBean(only.getKey(), name);
        }
        return only.getValue();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ObjectLocksLifecycle objectLocksLifecycle(ObjectLocks locks, ApplicationContext context) {
        return new ObjectLocksLifecycle(locks, locks != above(context));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static RegisteredParticipants objectLockParticipants(
            ObjectLocks locks, ObjectProvider<UndoParticipantRegistration> registrations) {
        return new RegisteredParticipants(locks, registrations.orderedStream());
    }

    /** After the participants: it looks whether the methods that need one have one. */
    @Bean
    @DependsOn("objectLockParticipants")
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    UncoveredMethods uncoveredMethods(
            ConfigurableListableBeanFactory beans,
            ObjectLocks locks,
            ObjectProvider<AttributeOverrides> overrides,
            ObjectProvider<ScannedPackages> packages,
            Environment environment) {
        EnabledAttributes enabled = EnabledAttributes.required(attributes, overrides);
        return new UncoveredMethods(
                beans, locks, enabled.mode(), enabled.uncovered(), packages.getIfAvailable(), environment);
    }

    /** Where there are database transactions. */
    @Configuration(proxyBeanMethods = false)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @OnClass("org.springframework.transaction.ConfigurableTransactionManager")
    static class Transactions {

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static CommitCheck objectLockCommitCheck() {
            return new CommitCheck();
        }
    }
}
