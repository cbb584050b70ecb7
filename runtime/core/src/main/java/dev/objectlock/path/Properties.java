package dev.objectlock.path;

import dev.objectlock.LockConfigurationException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the properties of classes: accessor or record component, getter, field, in this order. */
final class Properties {

    private static final MethodType PLAIN = MethodType.methodType(Object.class, Object.class);

    private Properties() {}

    /**
     * Finds a property.
     *
     * @param type the class of the object
     * @param name the property, for instance {@code uid}
     * @return a handle from Object to Object
     * @throws LockConfigurationException if there is none, or it cannot be reached
     */
    static MethodHandle find(Class<?> type, String name) {
        String capital = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        Optional<MethodHandle> found = method(type, name)
                .or(() -> method(type, "get" + capital))
                .or(() -> method(type, "is" + capital))
                .or(() -> field(type, name));
        return found.orElseThrow(() -> new LockConfigurationException(type.getName() + " has no property '" + name
                + "': no accessor " + name + "(), no getter get" + capital + "() and no field of that name"));
    }

    /** The names under which a property may be read by a method. */
    static Set<String> accessorNames(String property) {
        String capital = Character.toUpperCase(property.charAt(0)) + property.substring(1);
        return Set.of(property, "get" + capital, "is" + capital);
    }

    static MethodHandle handle(Method method) {
        return reach(
                method, method.getDeclaringClass(), () -> MethodHandles.lookup().unreflect(method));
    }

    static MethodHandle handle(Field field) {
        return reach(
                field, field.getDeclaringClass(), () -> MethodHandles.lookup().unreflectGetter(field));
    }

    private static Optional<MethodHandle> method(Class<?> type, String name) {
        Method found = publicMethod(type, name);
        for (Class<?> at = type; found == null && at != null && at != Object.class; at = at.getSuperclass()) {
            found = declaredMethod(at, name);
        }
        return Optional.ofNullable(found).map(Properties::handle);
    }

    /** A public method is best called where everybody may: on a public class or interface that declares it. */
    private static @Nullable Method publicMethod(Class<?> type, String name) {
        for (Method method : type.getMethods()) {
            if (isAccessor(method, name)
                    && method.getDeclaringClass() != Object.class
                    && Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
                return method;
            }
        }
        return null;
    }

    private static @Nullable Method declaredMethod(Class<?> type, String name) {
        for (Method method : type.getDeclaredMethods()) {
            if (isAccessor(method, name)) {
                return method;
            }
        }
        return null;
    }

    private static boolean isAccessor(Method method, String name) {
        return method.getName().equals(name)
                && method.getParameterCount() == 0
                && method.getReturnType() != void.class
                && !method.isBridge()
                && !Modifier.isStatic(method.getModifiers());
    }

    private static Optional<MethodHandle> field(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (field.getName().equals(name) && !Modifier.isStatic(field.getModifiers())) {
                    return Optional.of(handle(field));
                }
            }
        }
        return Optional.empty();
    }

    private static MethodHandle reach(AccessibleObject member, Class<?> owner, Unreflect unreflect) {
        try {
            member.trySetAccessible();
            return unreflect.run().asType(PLAIN);
        } catch (IllegalAccessException closed) {
            throw new LockConfigurationException(
                    member + " cannot be read: make it public, or open the package " + owner.getPackageName() + " to "
                            + Properties.class.getModule(),
                    closed);
        }
    }

    @FunctionalInterface
    private interface Unreflect {
        MethodHandle run() throws IllegalAccessException;
    }
}
