package dev.objectlock.redis;

import io.lettuce.core.protocol.CommandArgs;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The keys of one bucket, all in one hash slot: 01-bucket.lua says what is in them. */
final class BucketKeys {

    /** How many there are. */
    static final int COUNT = 4;

    private final String first;
    private final List<byte[]> others;

    /**
     * Makes the names.
     *
     * @param base what all of them begin with
     */
    BucketKeys(String base) {
        first = base + "s";
        others = List.of(encoded(base + "i"), encoded(base + "d"), encoded(base + "l"));
    }

    private static byte[] encoded(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** One of them, by which a Cluster finds the node. */
    String first() {
        return first;
    }

    /** Adds all, in the order of the script. */
    void addTo(CommandArgs<String, String> args) {
        args.addKey(first);
        others.forEach(args::add);
    }
}
