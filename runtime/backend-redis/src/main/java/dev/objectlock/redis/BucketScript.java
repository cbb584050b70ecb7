package dev.objectlock.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The one script of this backend, in chapters. */
final class BucketScript {

    private static final List<String> CHAPTERS = List.of(
            "01-bucket",
            "02-quick",
            "03-names",
            "04-records",
            "05-told-and-found",
            "06-rule",
            "07-search",
            "08-holds",
            "09-line",
            "10-requests",
            "11-clients",
            "12-processes",
            "13-operations",
            "14-main");

    /** The whole text. */
    static final String TEXT = read();

    /** Its name in the server. */
    static final String DIGEST = digest();

    private BucketScript() {}

    private static String read() {
        StringBuilder text = new StringBuilder();
        for (String chapter : CHAPTERS) {
            try (InputStream in = BucketScript.class.getResourceAsStream(chapter + ".lua")) {
                if (in == null) {
                    throw new IllegalStateException("the jar lacks " + chapter + ".lua");
                }
                text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return text.toString();
    }

    private static String digest() {
        try {
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(TEXT.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha1);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
