package dev.objectlock.weave;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.grammar.GrammarException;
import dev.objectlock.grammar.PathTemplate;
import dev.objectlock.grammar.Placeholder;
import dev.objectlock.path.Source;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The method that annotations are read for: its parameters, and its name for errors. */
final class Place {

    private static final Logger LOG = LoggerFactory.getLogger(Place.class);

    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private final Method method;
    private final List<@Nullable String> parameters;
    private final UnaryOperator<String> properties;

    /**
     * Creates a place.
     *
     * @param method the method
     * @param weaverNames the names of the parameters as the weaver knows them, used where the class does not keep them
     * @param properties replaces each property in a text
     */
    Place(Method method, String @Nullable [] weaverNames, UnaryOperator<String> properties) {
        this.method = method;
        this.properties = properties;
        this.parameters = names(method, weaverNames);
    }

    Source source(Placeholder placeholder) {
        return Source.ofMethod(placeholder, parameters, this::toString);
    }

    /** Reads text of an annotation; empty text means nothing was said. */
    <T> @Nullable T read(String text, Function<String, T> grammar) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return grammar.apply(hasProperty(text) ? properties.apply(text) : text);
        } catch (GrammarException | LockConfigurationException wrong) {
            throw new LockConfigurationException(this + ": " + wrong.getMessage(), wrong);
        }
    }

    /** Whether a text is known only to an engine. */
    static boolean hasProperty(String text) {
        return text.contains("${");
    }

    PathTemplate known(@Nullable PathTemplate template) {
        if (template == null) {
            throw wrong("a path must not be empty; leave it out for the path of the target object");
        }
        template.warning().ifPresent(warning -> {
            if (WARNED.add(this + template.text())) {
                LOG.warn("{}: {}", this, warning);
            }
        });
        return template;
    }

    LockConfigurationException wrong(String what) {
        return new LockConfigurationException(this + ": " + what);
    }

    /** Names the method. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(method.getDeclaringClass().getSimpleName())
                .append('.')
                .append(method.getName())
                .append('(');
        for (Class<?> type : method.getParameterTypes()) {
            text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ").append(type.getSimpleName());
        }
        return text.append(')').toString();
    }

    private static List<@Nullable String> names(Method method, String @Nullable [] weaverNames) {
        Parameter[] declared = method.getParameters();
        List<@Nullable String> names = new ArrayList<>(declared.length);
        for (int i = 0; i < declared.length; i++) {
            String ofWeaver = weaverNames == null ? null : weaverNames[i];
            // Without debug information a weaver makes this name up.
            boolean madeUp = Objects.equals(ofWeaver, "arg" + i);
            names.add(declared[i].isNamePresent() ? declared[i].getName() : madeUp ? null : ofWeaver);
        }
        return names;
    }
}
