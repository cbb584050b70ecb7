package dev.objectlock.engine;

/** Says who comes in, when that is asked for the first time. */
public interface Arrival {

    /**
     * Finds out who it is, on the thread that was entered.
     *
     * @return who came in
     */
    Entrance entrance();

    /**
     * Takes along to other threads what is known now. It neither asks a store nor begins anything.
     *
     * @return may be asked on any thread, at any time
     */
    Arrival carried();
}
