package dev.objectlock.spring;

import dev.objectlock.LockConfigurationException;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.ApplicationContext;

/** Replaces each <code>${property}</code> by what the context knows. */
record ContextProperties(ApplicationContext context) implements UnaryOperator<String> {

    @Override
    public String apply(String text) {
        String resolved;
        try {
            AutowireCapableBeanFactory beans = context.getAutowireCapableBeanFactory();
            resolved = beans instanceof ConfigurableBeanFactory factory
                    ? factory.resolveEmbeddedValue(text)
                    : context.getEnvironment().resolveRequiredPlaceholders(text);
        } catch (IllegalArgumentException unknown) {
            throw new LockConfigurationException(text(text), unknown);
        }
        if (resolved == null || resolved.contains("${")) {
            throw new LockConfigurationException(text(text));
        }
        return resolved;
    }

    private static String text(String text) {
        return "\"" + text + "\" names a property that the environment does not have; set it, or give a default:"
                + " ${name:default}";
    }
}
