package dev.objectlock.redis.faults;

import dev.objectlock.annotation.LockMode;

/**
 * Who was granted what, as the resource is told; and who must not be in there together, said without the library's own rule.
 *
 * @param thread the number of the thread in the whole run: one does not shut itself out
 * @param user the user
 * @param client the client
 * @param mode who else is admitted
 * @param tree whether all below is covered
 * @param slots how many may be inside at once, or 0 if it is not a counting lock
 * @param path the object
 */
record Claim(int thread, String user, String client, LockMode mode, boolean tree, int slots, String path) {

    /** How many threads one worker has at most. */
    static final int THREADS_PER_WORKER = 100;

    static Claim parse(int thread, String text) {
        String[] words = text.split(" ");
        return new Claim(
                thread,
                words[0],
                words[1],
                LockMode.valueOf(words[2]),
                Boolean.parseBoolean(words[3]),
                Integer.parseInt(words[4]),
                words[5]);
    }

    /** As {@link #parse} reads it. */
    String line() {
        return String.join(" ", user, client, mode.name(), Boolean.toString(tree), Integer.toString(slots), path);
    }

    int worker() {
        return thread / THREADS_PER_WORKER;
    }

    String root() {
        int end = path.indexOf('/');
        return end < 0 ? path : path.substring(0, end);
    }

    boolean shutsOut(Claim other) {
        if (thread == other.thread || !touches(other)) {
            return false;
        }
        boolean monitors = isMonitor() && other.isMonitor();
        if (monitors && slots > 0 && other.slots > 0) {
            return false;
        }
        boolean samePath = path.equals(other.path);
        if (samePath && (isMonitor() || other.isMonitor())) {
            return true;
        }
        return !monitors && (!user.equals(other.user) || isOtherClientOf(other) || other.isOtherClientOf(this));
    }

    private boolean isMonitor() {
        return mode == LockMode.MONITOR;
    }

    private boolean isOtherClientOf(Claim exclusive) {
        return exclusive.mode == LockMode.CLIENT && !client.equals(exclusive.client);
    }

    private boolean touches(Claim other) {
        return path.equals(other.path)
                || tree && other.path.startsWith(path + "/")
                || other.tree && path.startsWith(other.path + "/");
    }
}
