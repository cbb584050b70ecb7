package dev.objectlock.examples.drafts;

/** There is no draft of that number. */
class NoSuchDraftException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSuchDraftException(long id) {
        super("there is no draft " + id);
    }
}
