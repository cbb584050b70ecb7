package dev.objectlock.spring;

import dev.objectlock.spring.EnableObjectLocks.Uncovered;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;

/** What {@link EnableObjectLocks} says where it stands, and what overrides that. */
record EnabledAttributes(AdviceMode mode, int order, Uncovered uncovered) {

    static EnabledAttributes of(AnnotationMetadata where) {
        AnnotationAttributes attributes =
                AnnotationAttributes.fromMap(where.getAnnotationAttributes(EnableObjectLocks.class.getName()));
        if (attributes == null) {
            throw new IllegalStateException("@EnableObjectLocks is not on " + where.getClassName());
        }
        return new EnabledAttributes(
                attributes.getEnum("mode"), attributes.getNumber("order"), attributes.getEnum("uncovered"));
    }

    static EnabledAttributes required(@Nullable EnabledAttributes known, ObjectProvider<AttributeOverrides> overrides) {
        if (known == null) {
            throw new IllegalStateException("this configuration is imported by @EnableObjectLocks");
        }
        AttributeOverrides stronger = overrides.getIfAvailable();
        return stronger == null ? known : known.with(stronger);
    }

    private EnabledAttributes with(AttributeOverrides stronger) {
        return new EnabledAttributes(
                mode,
                stronger.order() == null ? order : stronger.order(),
                stronger.uncovered() == null ? uncovered : stronger.uncovered());
    }
}
