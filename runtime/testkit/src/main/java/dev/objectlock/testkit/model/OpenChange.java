package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A transaction that a player has begun in code, with gaps between its calls, until it is ended in one of many ways. */
final class OpenChange {

    private final TransactionHistory game;
    private final Player player;
    private final Dice dice;
    private final Judge judge;
    private final Attempt attempt;
    private final OpenTransaction handle;
    private final List<ChangedPart> parts;

    OpenChange(
            TransactionHistory game,
            Player player,
            Dice dice,
            Judge judge,
            Attempt attempt,
            OpenTransaction handle,
            List<ChangedPart> parts) {
        this.game = game;
        this.player = player;
        this.dice = dice;
        this.judge = judge;
        this.attempt = attempt;
        this.handle = handle;
        this.parts = new ArrayList<>(parts);
    }

    /** Where it is part of what was open before: plays it to its end. */
    void playPart(int depth) {
        play(depth);
        Throwable thrown = null;
        if (dice.chance(75)) {
            try {
                handle.commit();
            } catch (RuntimeException failed) {
                thrown = failed;
            }
        } else {
            attempt.failedInside = true;
        }
        handle.close();
        if (thrown != null) {
            judge.refused(attempt, thrown);
        }
    }

    /** Plays it, and leaves it open. */
    void play(int depth) {
        for (int i = 1 + dice.below(3); i > 0 && !game.journal().isBroken(); i--) {
            int kind = dice.below(100);
            if (kind < 40) {
                call(() -> handle.run(() -> inCall(parts)));
            } else if (kind < 55) {
                widen();
            } else if (kind < 70) {
                game.pass(dice.time(12));
            } else if (kind < 78) {
                call(() -> game.elsewhere(player, attempt, () -> game.locks()
                        .transactions()
                        .run(attempt.root, attempt.id, () -> inCall(parts))));
            } else if (depth < Player.DEEPEST) {
                player.operation(attempt, depth + 1);
            }
        }
    }

    private void inCall(List<ChangedPart> written) {
        attempt.calls.incrementAndGet();
        player.write(attempt, written);
        if (dice.chance(20)) {
            game.pass(dice.time(12));
            player.write(attempt, written);
        }
        Player.knowWhetherLost(attempt, game.locks().transactions().current().orElseThrow());
        attempt.calls.decrementAndGet();
    }

    private void call(Runnable work) {
        Instant before = game.now();
        try {
            work.run();
            attempt.lastCall = before;
        } catch (RuntimeException failed) {
            judge.refused(attempt, failed);
            if (handle.isOpen()) {
                game.journal().wrong(attempt + " is open, but refuses a call", failed);
            }
        }
    }

    private void widen() {
        ChangedPart part = dice.parts(attempt.root).get(0);
        Extent extent = part.extent();
        Instant before = game.now();
        judge.asks(attempt);
        try {
            attempt.capturing(() -> {
                if (extent == null) {
                    handle.widen(part.path());
                } else {
                    handle.widen(part.path(), extent.from(), extent.to());
                }
                return true;
            });
            attempt.lastCall = before;
            parts.add(part);
        } catch (RuntimeException failed) {
            judge.notBegun(TransactionRequest.of("widen", List.of(part)), attempt, true, player.open(), failed);
        }
    }

    /** Ends it. */
    void end() {
        if (Duration.between(attempt.lastCall, game.now()).compareTo(Judge.IDLE) < 0) {
            Player.knowWhetherLost(attempt, handle);
        }
        if (dice.chance(12)) {
            endWhileCalled();
            return;
        }
        Throwable thrown = null;
        int kind = dice.below(100);
        try {
            if (kind < 60) {
                handle.commit();
            } else if (kind < 80) {
                handle.rollback();
            }
            handle.close();
        } catch (RuntimeException failed) {
            thrown = failed;
            handle.close();
        }
        if (kind < 60) {
            judge.over(attempt, null, thrown);
        } else {
            judge.rolledBack(attempt, thrown);
        }
    }

    /** Ends it while a call of it is going on elsewhere, so that it is the end of that which ends it. */
    private void endWhileCalled() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Future<@Nullable RuntimeException> call = game.begunElsewhere(player, attempt, () -> {
            try {
                game.locks().transactions().run(attempt.root, attempt.id, () -> {
                    attempt.calls.incrementAndGet();
                    called.countDown();
                    game.await(ended);
                    attempt.calls.decrementAndGet();
                });
            } finally {
                called.countDown();
            }
        });
        game.await(called);
        boolean commit = dice.chance(60);
        Throwable thrown = null;
        try {
            if (commit) {
                handle.commit();
            } else {
                handle.rollback();
            }
        } catch (RuntimeException failed) {
            thrown = failed;
        }
        ended.countDown();
        Throwable atTheEnd = game.await(call, "a call of " + attempt + " that ends it");
        judge.overAtTheEndOfACall(attempt, commit, thrown != null ? thrown : atTheEnd);
    }
}
