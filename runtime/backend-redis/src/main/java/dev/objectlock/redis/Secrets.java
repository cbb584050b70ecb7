package dev.objectlock.redis;

import java.security.SecureRandom;

/** Random enough that nobody meets or guesses them. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    static String next() {
        return Long.toString(RANDOM.nextLong() >>> 1, 36) + Long.toString(RANDOM.nextLong() >>> 1, 36);
    }
}
