package dev.objectlock.spring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/** Only where the application has a class. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnClass.IsPresent.class)
@interface OnClass {

    /** The name of the class. */
    String value();

    /** Looks for it. */
    final class IsPresent implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata where) {
            Map<String, Object> attributes = where.getAnnotationAttributes(OnClass.class.getName());
            return attributes != null
                    && attributes.get("value") instanceof String name
                    && ClassUtils.isPresent(name, context.getClassLoader());
        }
    }
}
