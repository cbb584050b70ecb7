package dev.objectlock.spring.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clients whose HTTP session has ended in the request that this thread works on. Whether that was a logout or the change of
 * session at a login is known when the request is over.
 */
final class EndedInRequest {

    private static final ThreadLocal<@Nullable List<HttpClient>> OF_THREAD = new ThreadLocal<>();

    private EndedInRequest() {}

    static void begin() {
        OF_THREAD.set(new ArrayList<>(1));
    }

    /** Returns false if no request is being worked on. */
    static boolean add(HttpClient client) {
        List<HttpClient> ended = OF_THREAD.get();
        return ended != null && ended.add(client);
    }

    static void end() {
        List<HttpClient> ended = OF_THREAD.get();
        OF_THREAD.remove();
        if (ended != null) {
            ended.forEach(HttpClient::endIfInNone);
        }
    }
}
