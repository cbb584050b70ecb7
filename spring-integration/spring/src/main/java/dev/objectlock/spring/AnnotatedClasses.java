package dev.objectlock.spring;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockTransaction;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/** The classes of an application that have an annotation of ours, read from their files without loading the others. */
final class AnnotatedClasses {

    private static final List<String> ANNOTATIONS = List.of(
            ObjectLock.class.getName(),
            ObjectLock.List.class.getName(),
            Guarded.class.getName(),
            ReleaseLock.class.getName(),
            LockTransaction.class.getName());

    private AnnotatedClasses() {}

    /** Those that are meant to be beans, by a stereotype, and are none where they are looked for, are left out. */
    static List<Class<?>> in(ScannedPackages packages, Environment environment, @Nullable ClassLoader loader) {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false) {
            @Override
            protected boolean isCandidateComponent(
                    org.springframework.beans.factory.annotation.AnnotatedBeanDefinition definition) {
                return !definition.getMetadata().isAnnotation();
            }
        };
        scanner.setEnvironment(environment);
        scanner.addIncludeFilter(AnnotatedClasses::isAnnotated);
        scanner.addExcludeFilter(new AnnotationTypeFilter(Component.class));
        List<Class<?>> found = new ArrayList<>();
        for (String name : packages.names()) {
            scanner.findCandidateComponents(name)
                    .forEach(candidate -> found.add(ClassUtils.resolveClassName(
                            java.util.Objects.requireNonNull(candidate.getBeanClassName()), loader)));
        }
        return found;
    }

    /** Itself or by an annotation of the user's own; on the class or on a method. */
    private static boolean isAnnotated(MetadataReader reader, MetadataReaderFactory readers) throws IOException {
        AnnotationMetadata metadata = reader.getAnnotationMetadata();
        return ANNOTATIONS.stream().anyMatch(name -> metadata.isAnnotated(name) || metadata.hasAnnotatedMethods(name));
    }
}
