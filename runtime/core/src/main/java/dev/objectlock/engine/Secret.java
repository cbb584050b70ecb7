package dev.objectlock.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * By what a client is resumed: its name, which everybody may see, and a secret, of which a store only ever sees the digest.
 *
 * @param client the name
 * @param key the secret part
 */
record Secret(String client, String key) {

    private static final SecureRandom RANDOM = new SecureRandom();

    static Secret random() {
        return new Secret("c" + random(8), random(16));
    }

    /** Reads what {@link #text} wrote; null if it is nothing of the kind. */
    static @Nullable Secret parse(String text) {
        int dot = text.indexOf('.');
        return dot <= 0 ? null : new Secret(text.substring(0, dot), text.substring(dot + 1));
    }

    String text() {
        return client + "." + key;
    }

    String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** For logs: the secret part is nobody's business. */
    @Override
    public String toString() {
        return client + ".***";
    }
}
