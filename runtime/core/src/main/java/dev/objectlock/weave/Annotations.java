package dev.objectlock.weave;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;

/** Finds annotations on an element itself and, one level deep, on the annotations it has. */
final class Annotations {

    private Annotations() {}

    static <A extends Annotation> List<A> find(AnnotatedElement element, Class<A> type) {
        List<A> found = new ArrayList<>(List.of(element.getAnnotationsByType(type)));
        for (Annotation other : element.getAnnotations()) {
            Class<? extends Annotation> otherType = other.annotationType();
            if (otherType != type && !otherType.getName().startsWith("java.lang.annotation.")) {
                found.addAll(List.of(otherType.getDeclaredAnnotationsByType(type)));
            }
        }
        return found;
    }

    static boolean has(AnnotatedElement element, Class<? extends Annotation> type) {
        return !find(element, type).isEmpty();
    }

    static boolean hasNamed(AnnotatedElement element, String simpleName) {
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals(simpleName)) {
                return true;
            }
        }
        return false;
    }
}
