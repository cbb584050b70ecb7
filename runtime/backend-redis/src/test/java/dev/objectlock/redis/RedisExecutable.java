package dev.objectlock.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;

/** The server program: the one that {@code OBJECTLOCK_REDIS_SERVER} names, of Redis or Valkey, or the one that the tests bring along. */
final class RedisExecutable {

    /** For instance {@code /usr/bin/valkey-server}. */
    private static final Optional<String> NAMED = Optional.ofNullable(System.getenv("OBJECTLOCK_REDIS_SERVER"));

    private static final Path PATH = NAMED.map(Path::of).orElseGet(RedisExecutable::extracted);

    private RedisExecutable() {}

    static Path path() {
        return PATH;
    }

    private static Path extracted() {
        try {
            return ExecutableProvider.newJarResourceProvider().get().toPath();
        } catch (IOException failed) {
            throw new UncheckedIOException("the server that the tests bring along could not be unpacked", failed);
        }
    }
}
