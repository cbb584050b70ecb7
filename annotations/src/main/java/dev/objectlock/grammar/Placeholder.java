package dev.objectlock.grammar;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A placeholder without its braces: a parameter name or {@code this}, then properties.
 *
 * @param name the parameter name, or {@code this}; in the template of a class, a property of the instance
 * @param properties the properties to follow from there, in order; often none
 */
public record Placeholder(String name, List<String> properties) {

    private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*");

    /** Copies the list. */
    public Placeholder {
        properties = List.copyOf(properties);
    }

    /**
     * Reads what stands between the braces.
     *
     * @param text for instance {@code draft.uid}
     * @param template the whole template, for the error
     * @return the placeholder
     * @throws GrammarException if it is not a name followed by properties
     */
    public static Placeholder parse(String text, String template) {
        List<String> parts = List.of(text.split("\\.", -1));
        for (String part : parts) {
            if (!NAME.matcher(part).matches()) {
                throw new GrammarException("{" + text + "} in \"" + template + "\" is not a placeholder; write a"
                        + " parameter name or 'this', then properties, as in {draft.uid}");
            }
        }
        return new Placeholder(parts.get(0), parts.subList(1, parts.size()));
    }

    /**
     * Reads a template that must be exactly one placeholder, as {@code skipIf} is.
     *
     * @param text for instance {@code {dryRun}}
     * @param attribute the attribute it stands in, for the error
     * @param what of what it is, for the error, with an example
     * @return the placeholder
     * @throws GrammarException if it is anything else
     */
    public static Placeholder parseOnly(String text, String attribute, String what) {
        String trimmed = text.trim();
        if (trimmed.length() < 3 || trimmed.charAt(0) != '{' || trimmed.indexOf('}') != trimmed.length() - 1) {
            throw new GrammarException(attribute + " = \"" + text + "\" must be one placeholder of " + what);
        }
        return parse(trimmed.substring(1, trimmed.length() - 1), text);
    }

    /**
     * Returns the placeholder as it is written.
     *
     * @return with its braces
     */
    @Override
    public String toString() {
        return properties.isEmpty() ? "{" + name + "}" : "{" + name + "." + String.join(".", properties) + "}";
    }
}
