package dev.objectlock.weave;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the adapter of a return type. What a class sees is looked up once, and known as long as the class. */
final class ResultAdapters {

    private static final Logger LOG = LoggerFactory.getLogger(ResultAdapters.class);

    private static final ResultAdapter OF_THE_JDK = new PublisherResults();

    private static final ClassValue<List<ResultAdapter>> SEEN_BY = new ClassValue<>() {
        @Override
        protected List<ResultAdapter> computeValue(Class<?> type) {
            return load(type.getClassLoader());
        }
    };

    private ResultAdapters() {}

    /** Returns the adapter for a type that a method of a class returns; null if there is none. */
    static @Nullable ResultAdapter find(Class<?> declaring, Class<?> returnType) {
        if (returnType.isPrimitive() || returnType.isArray()) {
            return null;
        }
        if (OF_THE_JDK.adapts(returnType)) {
            return OF_THE_JDK;
        }
        ResultAdapter seen = first(SEEN_BY.get(declaring), returnType);
        return seen != null ? seen : first(SEEN_BY.get(ResultAdapter.class), returnType);
    }

    private static @Nullable ResultAdapter first(List<ResultAdapter> adapters, Class<?> returnType) {
        for (ResultAdapter adapter : adapters) {
            if (adapter.adapts(returnType)) {
                return adapter;
            }
        }
        return null;
    }

    /** One that cannot be made does not keep the others away. */
    private static List<ResultAdapter> load(@Nullable ClassLoader loader) {
        List<ResultAdapter> found = new ArrayList<>(2);
        Iterator<ResultAdapter> adapters =
                ServiceLoader.load(ResultAdapter.class, loader).iterator();
        while (true) {
            try {
                if (!adapters.hasNext()) {
                    return List.copyOf(found);
                }
                found.add(adapters.next());
            } catch (ServiceConfigurationError | LinkageError failed) {
                LOG.warn(
                        "a ResultAdapter that {} sees could not be made and is left out; methods of its return types are"
                                + " refused",
                        loader,
                        failed);
            }
        }
    }
}
