package dev.objectlock.path;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.grammar.Placeholder;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the value of a placeholder comes from: the target object or an argument, then properties. */
public final class Source {

    /** The target object, in place of the index of a parameter. */
    private static final int THIS = -1;

    private final Placeholder placeholder;
    private final int parameter;
    private final Property[] properties;

    private Source(Placeholder placeholder, int parameter, List<String> properties) {
        this.placeholder = placeholder;
        this.parameter = parameter;
        this.properties = properties.stream().map(Property::new).toArray(Property[]::new);
    }

    /**
     * Makes a source for a placeholder in an annotation on a method.
     *
     * @param placeholder the placeholder
     * @param parameters the names of the parameters, or null for those that are not known
     * @param method the method, for the error
     * @return the source
     * @throws LockConfigurationException if there is no such parameter
     */
    public static Source ofMethod(Placeholder placeholder, List<@Nullable String> parameters, Supplier<String> method) {
        if (placeholder.name().equals("this")) {
            return new Source(placeholder, THIS, placeholder.properties());
        }
        int index = parameters.indexOf(placeholder.name());
        if (index < 0) {
            boolean unknown = parameters.contains(null);
            throw new LockConfigurationException(method.get()
                    + (unknown
                            ? ": the names of its parameters are not known, so " + placeholder
                                    + " cannot be found; compile it with javac -parameters (or -g)"
                            : " has no parameter for " + placeholder + "; it has " + parameters));
        }
        return new Source(placeholder, index, placeholder.properties());
    }

    /**
     * Makes a source for a placeholder in an annotation on a class, whose name is a property of the instance.
     *
     * @param placeholder the placeholder
     * @return the source
     */
    public static Source ofClass(Placeholder placeholder) {
        if (placeholder.name().equals("this") && placeholder.properties().isEmpty()) {
            throw new LockConfigurationException("{this} in @Lockable would be the path itself; name a property");
        }
        if (placeholder.name().equals("this")) {
            return new Source(placeholder, THIS, placeholder.properties());
        }
        List<String> properties = new java.util.ArrayList<>();
        properties.add(placeholder.name());
        properties.addAll(placeholder.properties());
        return new Source(placeholder, THIS, properties);
    }

    /** Whether the value is an argument as it is. */
    boolean isArgument() {
        return parameter != THIS && properties.length == 0;
    }

    /**
     * Reads the value.
     *
     * @param target the target object, or null for a static method
     * @param args the arguments
     * @return the value, possibly null
     */
    public @Nullable Object read(@Nullable Object target, @Nullable Object[] args) {
        Object value = parameter == THIS ? target : args[parameter];
        for (Property property : properties) {
            if (value == null) {
                return null;
            }
            value = property.of(value);
        }
        return value;
    }

    /**
     * Returns the placeholder as it is written.
     *
     * @return with its braces
     */
    @Override
    public String toString() {
        return placeholder.toString();
    }
}
