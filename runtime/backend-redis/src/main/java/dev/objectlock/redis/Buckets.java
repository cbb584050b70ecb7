package dev.objectlock.redis;

import dev.objectlock.LockBackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/** All buckets as one process knows them: which root is in which, and what concerns all. */
final class Buckets {

    private final List<Bucket> all;

    Buckets(Settings settings, Server server, String process) {
        all = IntStream.range(0, settings.buckets())
                .mapToObj(number -> new Bucket(server, settings, process, number))
                .toList();
    }

    List<Bucket> all() {
        return all;
    }

    /** The same in every process and version: the hash of a text is fixed by the language. */
    int numberOf(String name) {
        int hash = name.hashCode();
        return Math.floorMod(hash ^ hash >>> 16, all.size());
    }

    Bucket of(String root) {
        return all.get(numberOf(root));
    }

    /** A token begins with the number of its bucket. */
    Optional<Bucket> ofToken(String token) {
        int dot = token.indexOf('.');
        if (dot < 1 || dot > 4 || !token.chars().limit(dot).allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int number = Integer.parseInt(token, 0, dot, 10);
        return number < all.size() ? Optional.of(all.get(number)) : Optional.empty();
    }

    CompletableFuture<List<Reply>> inAll(Function<Bucket, CompletableFuture<Reply>> question) {
        return together(all.stream().map(question).toList());
    }

    /**
     * Asks the home of a client first, and the others then, as it has said.
     *
     * @param client the name of the client
     * @param atHome the question to the home
     * @param elsewhere the question to another bucket, with the answer of the home
     * @return the answers, that of the home first; it alone if it says no
     */
    CompletableFuture<List<Reply>> inAll(
            String client,
            Function<Bucket, CompletableFuture<Reply>> atHome,
            BiFunction<Bucket, Reply, CompletableFuture<Reply>> elsewhere) {
        Bucket home = of(client);
        return atHome.apply(home).thenCompose(reply -> {
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            replies.add(CompletableFuture.completedFuture(reply));
            if (!reply.isEmpty()) {
                all.stream()
                        .filter(bucket -> bucket != home)
                        .forEach(bucket -> replies.add(elsewhere.apply(bucket, reply)));
            }
            return together(replies)
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(atHomeOnly(failure)));
        });
    }

    /** Whatever one bucket has not done, its home has. */
    private static LockBackendException atHomeOnly(Throwable failure) {
        Throwable cause = Sending.unwrap(failure);
        return new LockBackendException("only a part of it was done: " + cause.getMessage(), false, cause);
    }

    private static CompletableFuture<List<Reply>> together(List<CompletableFuture<Reply>> replies) {
        return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .thenApply(done -> replies.stream().map(CompletableFuture::join).toList());
    }
}
