package dev.objectlock.spring;

import dev.objectlock.ObjectLocks;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportAware;
import org.springframework.context.annotation.Role;
import org.springframework.core.type.AnnotationMetadata;

/** Puts the locks into proxies. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class ProxyConfiguration implements ImportAware {

    private @Nullable EnabledAttributes attributes;

    @Override
    public void setImportMetadata(AnnotationMetadata importedBy) {
        attributes = EnabledAttributes.of(importedBy);
    }

    /** The engine is asked for when the first call comes: the advisor is needed before other beans can be made. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    ObjectLockAdvisor objectLockAdvisor(
            ObjectProvider<ObjectLocks> locks, ObjectProvider<AttributeOverrides> overrides) {
        ObjectLockAdvisor advisor = new ObjectLockAdvisor(new ObjectLockInterceptor(locks));
        advisor.setOrder(EnabledAttributes.required(attributes, overrides).order());
        return advisor;
    }
}
