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

    /** Returns what was going on before, to be given to {@link #end}: a request may be forwarded into another. */
    static @Nullable List<HttpClient> begin() {
        List<HttpClient> before = OF_THREAD.get();
        OF_THREAD.set(new ArrayList<>(1));
        return before;
    }

    /** Returns false if no request is being worked on. */
    static boolean add(HttpClient client) {
        List<HttpClient> ended = OF_THREAD.get();
        return ended != null && ended.add(client);
    }

    static void end(@Nullable List<HttpClient> before) {
        List<HttpClient> ended = OF_THREAD.get();
        if (before == null) {
            OF_THREAD.remove();
        } else {
            OF_THREAD.set(before);
        }
        if (ended != null) {
            endAll(ended);
        }
    }

    /** Each, also if one before it fails. */
    private static void endAll(List<HttpClient> ended) {
        RuntimeException first = null;
        for (HttpClient client : ended) {
            try {
                client.endIfInNone();
            } catch (RuntimeException failed) {
                first = first == null ? failed : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
