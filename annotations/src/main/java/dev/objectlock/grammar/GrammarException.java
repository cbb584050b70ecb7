package dev.objectlock.grammar;

/** Text in an annotation or setting that the grammar does not accept; the message quotes it and says what to write. */
public final class GrammarException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what was written, what is wrong with it, and what to write
     */
    public GrammarException(String message) {
        super(message);
    }
}
