package dev.objectlock.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Text for people with any number of placeholders, such as {@code Transpose by {semitones}}.
 *
 * @param text the template as it was written
 * @param pieces its pieces in order: text, or one placeholder
 */
public record TextTemplate(String text, List<Piece> pieces) {

    /** A piece of a template. */
    public sealed interface Piece {}

    /**
     * Text as it stands.
     *
     * @param text not empty
     */
    public record Fixed(String text) implements Piece {}

    /**
     * The value of a placeholder.
     *
     * @param placeholder the placeholder
     */
    public record Open(Placeholder placeholder) implements Piece {}

    /** Copies the list. */
    public TextTemplate {
        pieces = List.copyOf(pieces);
    }

    /**
     * Reads a template.
     *
     * @param text what stands in the annotation
     * @param attribute the attribute it stands in, for the error
     * @return the template
     * @throws GrammarException if it is blank, or has a brace that does not match
     */
    public static TextTemplate parse(String text, String attribute) {
        if (text.isBlank()) {
            throw new GrammarException(attribute + " must not be blank: it is what an Undo menu shows");
        }
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            String fixed = open < 0 ? text.substring(at) : text.substring(at, open);
            if (fixed.indexOf('}') >= 0) {
                throw new GrammarException(attribute + " = \"" + text + "\" has a brace that does not match");
            }
            if (!fixed.isEmpty()) {
                pieces.add(new Fixed(fixed));
            }
            if (open < 0) {
                break;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw new GrammarException(attribute + " = \"" + text + "\" has a brace that does not match");
            }
            pieces.add(new Open(Placeholder.parse(text.substring(open + 1, close), text)));
            at = close + 1;
        }
        return new TextTemplate(text, pieces);
    }

    /**
     * Returns the template as it was written.
     *
     * @return {@link #text()}
     */
    @Override
    public String toString() {
        return text;
    }
}
