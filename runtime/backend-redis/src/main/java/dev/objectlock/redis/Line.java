package dev.objectlock.redis;

import dev.objectlock.LockPath;
import dev.objectlock.LockTime;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests of this process that have been sent: those that wait, and those whose scoped holds it has. By their names in the
 * store. Thread-safe.
 */
final class Line {

    private final ConcurrentMap<String, Ask> sent = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final LockTime time;
    private final Duration interval;
    private final Runnable look;

    /** A request that waits, or of which the decision was faster than the answer that it has to wait. */
    private final class Waiting {
        private final String key;
        private final CompletableFuture<Answer> decision = new CompletableFuture<>();
        private @Nullable Alarm alarm;

        Waiting(String key) {
            this.key = key;
        }

        /** The message that tells the decision makes it fast; this makes it certain. */
        void lookIn(Duration delay) {
            alarm = time.schedule(delay, () -> {
                if (waiting.get(key) == this) {
                    lookIn(interval);
                    look.run();
                }
            });
        }

        void decided(Answer answer) {
            if (alarm != null) {
                alarm.cancel();
            }
            decision.complete(answer);
        }
    }

    /**
     * Begins empty.
     *
     * @param interval how often to look, while somebody waits
     * @param look asks the store what has become of those who wait
     */
    Line(LockTime time, Duration interval, Runnable look) {
        this.time = time;
        this.interval = interval;
        this.look = look;
    }

    /** Before it is sent, since it may be decided before the answer is here. */
    void sent(Ask ask) {
        sent.put(Wire.key(ask), ask);
    }

    /** There is nothing of it in the store any more, or nobody is interested. */
    void forget(Ask ask) {
        String key = Wire.key(ask);
        sent.remove(key);
        Waiting one = waiting.remove(key);
        if (one != null && one.alarm != null) {
            one.alarm.cancel();
        }
    }

    @Nullable
    Ask of(String key) {
        return sent.get(key);
    }

    /** It waits; the same future if that was known. */
    CompletableFuture<Answer> queued(Ask ask, @Nullable Duration blockerLeft) {
        String key = Wire.key(ask);
        CompletableFuture<Answer>[] decision = newArray();
        waiting.compute(key, (name, known) -> {
            Waiting one = known == null ? new Waiting(key) : known;
            decision[0] = one.decision;
            if (one.decision.isDone()) {
                return null;
            }
            if (known == null) {
                one.lookIn(blockerLeft == null || blockerLeft.compareTo(interval) > 0 ? interval : blockerLeft);
            }
            return one;
        });
        return decision[0];
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static CompletableFuture<Answer>[] newArray() {
        return new CompletableFuture[1];
    }

    /** The store has decided. */
    void decided(String key, Answer answer) {
        Waiting[] decided = {null};
        waiting.compute(key, (name, known) -> {
            if (known != null) {
                decided[0] = known;
                return null;
            }
            if (!sent.containsKey(key)) {
                return null;
            }
            Waiting early = new Waiting(key);
            early.decision.complete(answer);
            return early;
        });
        if (!(answer instanceof Answer.Granted)) {
            sent.remove(key);
        }
        // Whoever waits may go on at once: outside of the map.
        if (decided[0] != null) {
            decided[0].decided(answer);
        }
    }

    /** Forgets all; returns those that were granted. */
    List<Ask> takeAll() {
        gone();
        List<Ask> granted =
                sent.values().stream().filter(ask -> ask.fence() != 0).toList();
        sent.clear();
        return granted;
    }

    /** The requests with scoped holds. */
    List<Ask> granted() {
        return sent.values().stream().filter(ask -> ask.fence() != 0).toList();
    }

    /** Whether it has not been given back. */
    boolean has(Ask ask) {
        return sent.get(Wire.key(ask)) == ask;
    }

    /** The store takes this process for dead: nobody is in the line any more. */
    void gone() {
        for (String key : waiting.keySet()) {
            decided(key, new Answer.ProcessGone());
        }
    }

    void moved(String key, LockPath from, LockPath to) {
        Ask ask = sent.get(key);
        if (ask != null) {
            List<Claim> now = ask.claims().stream()
                    .map(claim -> from.isAtOrAbove(claim.path())
                            ? claim.at(claim.path().moved(from, to))
                            : claim)
                    .toList();
            ask.moved(now);
        }
    }
}
