package dev.objectlock.path;

import dev.objectlock.LockConfigurationException;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** One property by name, of whatever class the object is; the last class is remembered. Thread-safe. */
final class Property {

    private final String name;
    private volatile @Nullable Known known;

    Property(String name) {
        this.name = name;
    }

    @Nullable
    Object of(Object object) {
        Known last = known;
        if (last == null || last.type != object.getClass()) {
            last = new Known(object.getClass(), Properties.find(object.getClass(), name));
            known = last;
        }
        return read(last.handle, object, name);
    }

    static @Nullable Object read(MethodHandle handle, Object object, String name) {
        try {
            return (Object) handle.invokeExact(object);
        } catch (RuntimeException | Error passedOn) {
            throw passedOn;
        } catch (Throwable checked) {
            throw new LockConfigurationException(
                    "the property '" + name + "' of " + object.getClass().getName() + " failed: " + checked, checked);
        }
    }

    private record Known(Class<?> type, MethodHandle handle) {}
}
