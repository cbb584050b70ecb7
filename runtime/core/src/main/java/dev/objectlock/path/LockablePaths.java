package dev.objectlock.path;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.annotation.LockParent;
import dev.objectlock.annotation.Lockable;
import dev.objectlock.grammar.GrammarException;
import dev.objectlock.grammar.PathTemplate;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The paths of instances of {@code @Lockable} classes. */
public final class LockablePaths {

    private static final Object[] NO_ARGS = {};

    private static final ClassValue<LockableClass> CLASSES = new ClassValue<>() {
        @Override
        protected LockableClass computeValue(Class<?> type) {
            return LockableClass.read(type);
        }
    };

    private static final ClassValue<Boolean> LOCKABLE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.isAnnotationPresent(Lockable.class);
        }
    };

    private LockablePaths() {}

    /** Returns whether a value stands for a whole path. */
    static boolean isWholePath(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Number) {
            return false;
        }
        return value instanceof LockPath || LOCKABLE.get(value.getClass());
    }

    /**
     * Works out the path of an object.
     *
     * @param object an instance of a {@code @Lockable} class
     * @return its path, below that of the object above if it has one
     * @throws LockConfigurationException if its class is not {@code @Lockable}, a property cannot name an object, or the
     *     objects above go round in a circle
     */
    public static LockPath pathOf(Object object) {
        LockableClass first = CLASSES.get(object.getClass());
        Object above = first.parentOf(object);
        if (above == null) {
            return first.own.resolve(object, NO_ARGS);
        }
        Deque<String> segments = new ArrayDeque<>();
        segments.push(first.own.resolve(object, NO_ARGS).toString());
        while (above != null) {
            if (above instanceof LockPath path) {
                segments.push(path.toString());
                break;
            }
            if (segments.size() > PathTemplate.MAX_SEGMENTS) {
                throw new LockConfigurationException(
                        "the objects above " + object.getClass().getName() + " go round in a circle, or are more than "
                                + PathTemplate.MAX_SEGMENTS);
            }
            LockableClass type = CLASSES.get(above.getClass());
            segments.push(type.own.resolve(above, NO_ARGS).toString());
            above = type.parentOf(above);
        }
        return LockPath.parse(String.join("/", segments));
    }

    /**
     * Returns which methods of a class its path is made from: they cannot be locked by it.
     *
     * @param type the class
     * @return the names of accessors; none if it is not {@code @Lockable}
     */
    public static Set<String> accessorsOf(Class<?> type) {
        return type.isAnnotationPresent(Lockable.class) ? CLASSES.get(type).accessors : Set.of();
    }

    /**
     * Returns the names under which a property may be read by a method.
     *
     * @param property the property
     * @return accessor and getters
     */
    public static Set<String> accessorNames(String property) {
        return Properties.accessorNames(property);
    }

    /** What is known of a class, read once. */
    private static final class LockableClass {

        private final PathResolver own;
        private final @Nullable MethodHandle parent;
        private final String parentName;
        private final Set<String> accessors;

        private LockableClass(
                PathResolver own, @Nullable MethodHandle parent, String parentName, Set<String> accessors) {
            this.own = own;
            this.parent = parent;
            this.parentName = parentName;
            this.accessors = accessors;
        }

        @Nullable
        Object parentOf(Object object) {
            return parent == null ? null : Property.read(parent, object, parentName);
        }

        static LockableClass read(Class<?> type) {
            Lockable lockable = type.getAnnotation(Lockable.class);
            if (lockable == null) {
                throw new LockConfigurationException(type.getName()
                        + " is not @Lockable, so its instances have no path;" + " annotate the class, or write a path");
            }
            PathTemplate template;
            try {
                template = PathTemplate.parse(lockable.path());
            } catch (GrammarException wrong) {
                throw new LockConfigurationException(
                        "@Lockable on " + type.getName() + ": " + wrong.getMessage(), wrong);
            }
            Set<String> accessors = new HashSet<>();
            template.segments().forEach(segment -> {
                if (segment.placeholder() != null) {
                    accessors.addAll(
                            Properties.accessorNames(segment.placeholder().name()));
                }
            });
            List<Object> parents = parents(type);
            if (parents.size() > 1) {
                throw new LockConfigurationException(type.getName() + " has more than one @LockParent: " + parents);
            }
            MethodHandle parent = null;
            String parentName = "";
            if (!parents.isEmpty()) {
                Object member = parents.get(0);
                if (member instanceof Method method) {
                    parent = Properties.handle(method);
                    parentName = method.getName();
                } else {
                    parent = Properties.handle((Field) member);
                    parentName = ((Field) member).getName();
                }
                accessors.addAll(Properties.accessorNames(parentName));
            }
            return new LockableClass(
                    PathResolver.ofClass(template, "@Lockable " + type.getName()),
                    parent,
                    parentName,
                    Set.copyOf(accessors));
        }

        /** The members that are marked, of the nearest class that has any. */
        private static List<Object> parents(Class<?> type) {
            List<Object> found = new ArrayList<>();
            for (Class<?> at = type; found.isEmpty() && at != null; at = at.getSuperclass()) {
                Set<String> fields = new HashSet<>();
                for (Field field : at.getDeclaredFields()) {
                    if (field.isAnnotationPresent(LockParent.class)) {
                        found.add(field);
                        fields.add(field.getName());
                    }
                }
                for (Method method : at.getDeclaredMethods()) {
                    // On a record component the annotation reaches both the field and its accessor.
                    if (method.isAnnotationPresent(LockParent.class) && !fields.contains(method.getName())) {
                        checkAccessor(method);
                        found.add(method);
                    }
                }
            }
            return found;
        }

        private static void checkAccessor(Method method) {
            if (method.getParameterCount() > 0 || method.getReturnType() == void.class) {
                throw new LockConfigurationException(
                        "@LockParent on " + method + ": it must have no parameters and return the object above");
            }
        }
    }
}
