package dev.objectlock.examples.robotcell.server;

/** How lines begin that are not the answer to one. */
public final class Wire {

    /** News of a line that is being worked on. */
    public static final String PROGRESS = ". ";

    /** What the client did not ask for but has to know: a lock was lost. */
    public static final String NOTICE = "! ";

    /** A pose of the stream. */
    public static final String POSE = "~ ";

    private Wire() {}
}
