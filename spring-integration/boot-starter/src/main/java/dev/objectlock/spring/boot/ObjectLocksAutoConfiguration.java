package dev.objectlock.spring.boot;

import dev.objectlock.SessionPolicy;
import dev.objectlock.UndoHistory;
import dev.objectlock.spring.AttributeOverrides;
import dev.objectlock.spring.EnableObjectLocks;
import dev.objectlock.spring.ObjectLocksCustomizer;
import dev.objectlock.spring.ScannedPackages;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * The locks of an application: switched on unless the application does that itself, and set up by its properties either way.
 */
@AutoConfiguration
@ConditionalOnObjectLocks
@EnableConfigurationProperties(ObjectLocksProperties.class)
public final class ObjectLocksAutoConfiguration {

    /** What {@link EnableObjectLocks} brings in: where it is there already, the application said how. */
    private static final String ENABLED = "dev.objectlock.spring.ObjectLocksConfiguration";

    /** For Spring. */
    public ObjectLocksAutoConfiguration() {}

    /** Asked for before other beans can be made, {@link ObjectLocksProperties} among them. */
    @Bean
    @ConditionalOnMissingBean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static AttributeOverrides objectLockAttributeOverrides(Environment environment) {
        return Binder.get(environment)
                .bindOrCreate("objectlock", ObjectLocksProperties.class)
                .overrides();
    }

    @Bean
    @ConditionalOnMissingBean
    SessionPolicy objectLockSessionPolicy(ObjectLocksProperties properties) {
        return properties.policy();
    }

    /** Before the application's own, so that those have the last word. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    ObjectLocksCustomizer objectLockPropertiesCustomizer(ObjectLocksProperties properties) {
        ObjectLocksProperties.Transactions transactions = properties.getTransactions();
        return builder -> builder.anyClientReleases(properties.isAnyClientReleases())
                .withoutStore(properties.getWithoutStore())
                .transactionIdle(transactions.getIdle())
                .history(UndoHistory.inMemory(
                        transactions.getUndoSteps(), transactions.getUndoBytes().toBytes()));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "objectlock.scan", matchIfMissing = true)
    ScannedPackages objectLockScannedPackages(BeanFactory beans) {
        return new ScannedPackages(
                AutoConfigurationPackages.has(beans) ? AutoConfigurationPackages.get(beans) : List.of());
    }

    /** By wrapping beans, as Boot does it elsewhere. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "objectlock.mode", havingValue = "proxy", matchIfMissing = true)
    static class Proxied {

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnMissingBean(type = ENABLED, search = SearchStrategy.CURRENT)
        @ConditionalOnBooleanProperty(name = "spring.aop.proxy-target-class", matchIfMissing = true)
        @EnableObjectLocks
        static class ByClass {}

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnMissingBean(type = ENABLED, search = SearchStrategy.CURRENT)
        @ConditionalOnBooleanProperty(name = "spring.aop.proxy-target-class", havingValue = false)
        @EnableObjectLocks(proxyTargetClass = false)
        static class ByInterfaces {}
    }

    /** By weaving alone. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(type = ENABLED, search = SearchStrategy.CURRENT)
    @ConditionalOnProperty(name = "objectlock.mode", havingValue = "aspectj")
    @EnableObjectLocks(mode = AdviceMode.ASPECTJ)
    static class Woven {}
}
