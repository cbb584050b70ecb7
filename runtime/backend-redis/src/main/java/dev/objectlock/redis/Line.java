package dev.objectlock.redis;

import dev.objectlock.LockPath;
import dev.objectlock.LockTime;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests of this process that have been sent: those that wait, and those whose scoped holds it has. By their names in the
 * store. Thread-safe.
 */
final class Line {

    private static final Duration NOT_SOONER = Duration.ofMillis(100);

    private final ConcurrentMap<String, Ask> sent = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final LockTime time;
    private final Duration interval;
    private final Function<String, CompletionStage<Optional<Duration>>> look;

    /** A request that waits, or of which the decision was faster than the answer that it has to wait. */
    private final class Waiting {
        private final String key;
        private final String root;
        private Answer.@Nullable Refused refused;
        private final CompletableFuture<Answer> decision = new CompletableFuture<>();
        private volatile @Nullable Alarm alarm;

        Waiting(String key, String root) {
            this.key = key;
            this.root = root;
        }

        /** The message that tells the decision makes it fast; this makes it certain. */
        void lookIn(@Nullable Duration delay) {
            Duration soon = delay == null || delay.compareTo(interval) > 0 ? interval : delay;
            alarm = time.schedule(soon, () -> {
                if (waiting.get(key) == this) {
                    look.apply(root).whenComplete((next, failure) -> {
                        if (waiting.get(key) == this) {
                            lookIn(failure == null && next.isPresent() ? later(next.get()) : null);
                        }
                    });
                }
            });
        }

        /** What is over in a bucket need not be what this one waits for. */
        private Duration later(Duration next) {
            return next.compareTo(NOT_SOONER) < 0 ? NOT_SOONER : next;
        }

        void decided(Answer answer) {
            Alarm known = alarm;
            if (known != null) {
                known.cancel();
            }
            decision.complete(answer);
        }
    }

    /**
     * Begins empty.
     *
     * @param interval how often to look, while somebody waits
     * @param look asks the store what has become of those who wait under a root; answers when to look again
     */
    Line(LockTime time, Duration interval, Function<String, CompletionStage<Optional<Duration>>> look) {
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
        Alarm alarm = one == null ? null : one.alarm;
        if (alarm != null) {
            alarm.cancel();
        }
    }

    @Nullable
    Ask of(String key) {
        return sent.get(key);
    }

    /** It waits; the same future if that was known. */
    CompletableFuture<Answer> queued(Ask ask, Answer.Refused refused) {
        String key = Wire.key(ask);
        Waiting fresh = new Waiting(key, ask.rootName());
        Waiting[] one = {fresh};
        waiting.compute(key, (name, known) -> {
            one[0] = known == null ? fresh : known;
            one[0].refused = refused;
            return one[0].decision.isDone() ? null : one[0];
        });
        if (one[0] == fresh) {
            fresh.lookIn(refused.blocker().hold().timeLeft());
        }
        return one[0].decision;
    }

    /** What a request waits for, if it has not been decided, and does not wait any more. */
    Optional<Answer.Refused> giveUp(Ask ask) {
        Waiting one = waiting.get(Wire.key(ask));
        if (one == null || one.decision.isDone()) {
            return Optional.empty();
        }
        forget(ask);
        return Optional.ofNullable(one.refused);
    }

    /** The store has decided. */
    void decided(String key, Answer answer) {
        Waiting[] decided = {null};
        waiting.compute(key, (name, known) -> {
            if (known != null) {
                decided[0] = known;
                return null;
            }
            Ask ask = sent.get(key);
            if (ask == null) {
                return null;
            }
            Waiting early = new Waiting(key, ask.rootName());
            early.decision.complete(answer);
            return early;
        });
        // Kept holds are given back by their own names.
        boolean nothingScoped = !(answer instanceof Answer.Granted granted)
                || sent.containsKey(key)
                        && granted.kept().size() == sent.get(key).claims().size();
        if (nothingScoped) {
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

    /** All requests. */
    List<Ask> all() {
        return List.copyOf(sent.values());
    }

    /** Those that wait. */
    List<Ask> waiting() {
        return waiting.values().stream()
                .filter(one -> !one.decision.isDone())
                .map(one -> sent.get(one.key))
                .filter(Objects::nonNull)
                .toList();
    }

    boolean isWaiting(Ask ask) {
        return waiting.containsKey(Wire.key(ask));
    }

    /** Those with scoped holds. */
    List<Ask> granted() {
        return sent.values().stream().filter(ask -> ask.fence() != 0).toList();
    }

    /** Its owner has been told. */
    void lost(Ask ask) {
        sent.remove(Wire.key(ask), ask);
    }

    /** Whether it has neither been given back nor lost. */
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
