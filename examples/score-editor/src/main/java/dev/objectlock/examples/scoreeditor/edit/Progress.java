package dev.objectlock.examples.scoreeditor.edit;

/** Is told how far an edit is, as the bar of a window would be. It may take its time: the edit goes on when it returns. */
@FunctionalInterface
public interface Progress {

    /** Nobody looks. */
    Progress NONE = bar -> {};

    /** A bar comes next. */
    void at(long bar);
}
