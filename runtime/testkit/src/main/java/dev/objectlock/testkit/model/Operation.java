package dev.objectlock.testkit.model;

/** One step of a history. */
sealed interface Operation {

    /** Does it. */
    Outcome on(World world);

    /** Asks for a lock. */
    record Take(String id, String actor, Wanted wanted) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.take(id, actor, wanted);
        }

        @Override
        public String toString() {
            return id + " = " + actor + " takes " + wanted;
        }
    }

    /** Ends what was taken, or a guarded call. */
    record End(String id, boolean well) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.end(id, well);
        }

        @Override
        public String toString() {
            return id + (well ? " ends" : " fails");
        }
    }

    /** Gives up waiting. */
    record Cancel(String id) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.cancel(id);
        }

        @Override
        public String toString() {
            return id + " gives up";
        }
    }

    /** Renews by the hold. */
    record Ensure(String id) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.ensure(id);
        }

        @Override
        public String toString() {
            return id + " ensures";
        }
    }

    /** Releases by path. */
    record Release(String actor, String path) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.release(actor, path);
        }

        @Override
        public String toString() {
            return actor + " releases " + path;
        }
    }

    /** Checks before work, which may go on for a while. */
    record Guard(String id, String actor, Part wanted, boolean mustHold, boolean stays) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.guard(id, actor, wanted, mustHold, stays);
        }

        @Override
        public String toString() {
            return id + " = " + actor + " is guarded, " + (mustHold ? "HELD " : "ADMITTED ") + wanted
                    + (stays ? ", and goes on" : "");
        }
    }

    /** Asks whether it would be granted. */
    record Check(String actor, Wanted wanted) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.check(actor, wanted);
        }

        @Override
        public String toString() {
            return actor + " checks " + wanted;
        }
    }

    /** Takes all kept holds on an object away. */
    record ForceRelease(String path) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.forceRelease(path);
        }

        @Override
        public String toString() {
            return "su takes away what is kept on " + path;
        }
    }

    /** Takes one hold away. */
    record ForceReleaseOf(String id) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.forceReleaseOf(id);
        }

        @Override
        public String toString() {
            return "su takes away the first hold of " + id;
        }
    }

    /** Changes what is covered. */
    record ChangeScope(String actor, String path, boolean tree) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.changeScope(actor, path, tree);
        }

        @Override
        public String toString() {
            return actor + " changes " + path + " to " + (tree ? "TREE" : "OBJECT");
        }
    }

    /** Moves a subtree. */
    record Move(String actor, String from, String to) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.move(actor, from, to);
        }

        @Override
        public String toString() {
            return actor + " moves " + from + " to " + to;
        }
    }

    /** Removes a subtree. */
    record Remove(String actor, String path) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.remove(actor, path);
        }

        @Override
        public String toString() {
            return actor + " removes " + path;
        }
    }

    /** Opens a session. */
    record Open(String id, String engine, String user, int grace) implements Operation {

        /** The policy without an end. */
        static final int STAY = -1;

        @Override
        public Outcome on(World world) {
            return world.open(id, engine, user, grace);
        }

        @Override
        public String toString() {
            String policy = grace == 0 ? "RELEASE" : grace == STAY ? "STAY" : "GRACE of " + grace + "s";
            return id + " = session of " + user + " in " + engine + ", " + policy;
        }
    }

    /** Brings a session back. */
    record Resume(String id, String session, String engine) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.resume(id, session, engine);
        }

        @Override
        public String toString() {
            return id + " = session " + session + " resumed in " + engine;
        }
    }

    /** Logs out. */
    record Logout(String connection) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.logout(connection);
        }

        @Override
        public String toString() {
            return connection + " logs out";
        }
    }

    /** Loses the connection. */
    record Disconnect(String connection) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.disconnect(connection);
        }

        @Override
        public String toString() {
            return connection + " is disconnected";
        }
    }

    /** Throws a user out. */
    record EndUser(String user) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.endUser(user);
        }

        @Override
        public String toString() {
            return "su throws " + user + " out";
        }
    }

    /** Closes the second engine. */
    record CloseEngine() implements Operation {
        @Override
        public Outcome on(World world) {
            return world.closeEngine();
        }

        @Override
        public String toString() {
            return "engine " + Actor.SECOND + " is closed";
        }
    }

    /** Lets time pass. */
    record Pass(int seconds) implements Operation {
        @Override
        public Outcome on(World world) {
            return world.pass(1000L * seconds);
        }

        @Override
        public String toString() {
            return seconds + "s pass";
        }
    }
}
