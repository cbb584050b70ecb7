package dev.objectlock.testkit.model;

/** What operations are done to: the model, or the store. What is named is what operations before it were named. */
interface World {

    Outcome take(String id, String actor, Wanted wanted);

    /** Ends a hold, a call or a guarded call. */
    Outcome end(String id, boolean well);

    Outcome cancel(String id);

    Outcome ensure(String id);

    Outcome release(String actor, String path);

    Outcome guard(String id, String actor, Part wanted, boolean mustHold, boolean stays);

    Outcome check(String actor, Wanted wanted);

    Outcome forceRelease(String path);

    Outcome forceReleaseOf(String id);

    Outcome changeScope(String actor, String path, boolean tree);

    Outcome move(String actor, String from, String to);

    Outcome remove(String actor, String path);

    /** Opens a session; {@code grace} is in seconds, 0 for none, {@link Operation.Open#STAY} for any time. */
    Outcome open(String id, String engine, String user, int grace);

    Outcome resume(String id, String session, String engine);

    Outcome logout(String connection);

    Outcome disconnect(String connection);

    Outcome endUser(String user);

    Outcome closeEngine();

    Outcome pass(long millis);
}
