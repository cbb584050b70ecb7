package dev.objectlock.redis;

import dev.objectlock.LockOwner;
import dev.objectlock.LockTime;
import dev.objectlock.SessionPolicy;
import dev.objectlock.backend.Connection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The clients that a process presents to its store. Every bucket knows each of them; the first to hear of one is its home, which
 * gives the connection its number.
 */
final class Clients {

    private final LockTime time;
    private final Buckets buckets;
    private final Hearing hearing;

    Clients(LockTime time, Buckets buckets, Hearing hearing) {
        this.time = time;
        this.buckets = buckets;
        this.hearing = hearing;
    }

    CompletionStage<Connection> open(LockOwner client, String secret, SessionPolicy policy) {
        return everywhere(client.client(), secret, "open", arguments(client, secret, policy, ""))
                .thenApply(Optional::orElseThrow);
    }

    CompletionStage<Optional<Connection>> resume(String client, String secret) {
        return everywhere(client, secret, "resume", Wire.escape(client), Wire.escape(secret));
    }

    CompletionStage<Optional<Connection>> present(Connection former, String secret) {
        String number = Long.toString(former.number());
        LockOwner client = former.client();
        return everywhere(client.client(), secret, "present", arguments(client, secret, former.policy(), number));
    }

    private static String[] arguments(LockOwner client, String secret, SessionPolicy policy, String number) {
        return new String[] {
            Wire.optional(client.user()),
            Wire.optional(client.client()),
            Wire.escape(secret),
            policy.kind().name().substring(0, 1),
            Wire.micros(policy.grace()),
            number
        };
    }

    /** Its home knows it and gives the connection its number; then it is opened in the others, as its home says. */
    private CompletionStage<Optional<Connection>> everywhere(
            @Nullable String client, String secret, String operation, String... arguments) {
        return buckets.inAll(
                        Wire.optional(client),
                        bucket -> bucket.run(operation, arguments),
                        (bucket, home) -> bucket.run(
                                "open",
                                home.text(5),
                                home.text(6),
                                Wire.escape(secret),
                                home.text(2),
                                home.text(3),
                                home.text(1)))
                .thenApply(Clients::connection);
    }

    /** Reads {@code connection number policy grace shortest user client}: what the client's home says, and the shortest of all. */
    private static Optional<Connection> connection(List<Reply> replies) {
        Reply home = replies.get(0);
        if (home.isEmpty()) {
            return Optional.empty();
        }
        SessionPolicy policy =
                switch (home.text(2)) {
                    case "R" -> SessionPolicy.RELEASE;
                    case "G" -> SessionPolicy.grace(Wire.duration(home.text(3)));
                    default -> SessionPolicy.STAY;
                };
        LockOwner client = new LockOwner(Wire.given(home.text(5)), Wire.given(home.text(6)), null);
        Duration shortest = replies.stream()
                .filter(reply -> !reply.isEmpty() && !reply.text(4).isEmpty())
                .map(reply -> Wire.duration(reply.text(4)))
                .min(Comparator.naturalOrder())
                .orElse(null);
        return Optional.of(new Connection(client, policy, Long.parseLong(home.text(1)), shortest));
    }

    CompletionStage<Void> disconnect(Connection connection) {
        CompletableFuture<List<Reply>> replies = connected("disconnect", connection);
        Duration grace = connection.policy().grace();
        if (grace != null) {
            time.schedule(grace, () -> hearing.hearAll(false));
        }
        return replies.thenApply(all -> null);
    }

    CompletionStage<Void> end(Connection connection) {
        return connected("logout", connection).thenApply(all -> null);
    }

    private CompletableFuture<List<Reply>> connected(String operation, Connection connection) {
        LockOwner client = connection.client();
        String[] arguments = {
            Wire.optional(client.user()), Wire.optional(client.client()), Long.toString(connection.number())
        };
        return buckets.inAll(bucket -> bucket.run(operation, arguments));
    }

    CompletionStage<Integer> endUser(String user, LockOwner by, String reason) {
        return buckets.inAll(bucket -> bucket.run("endUser", Wire.escape(user), Wire.by(by, reason))
                        .thenCompose(reply -> hearing.hear(bucket).thenApply(next -> reply)))
                .thenApply(replies ->
                        replies.stream().mapToInt(reply -> reply.number(0)).sum());
    }
}
