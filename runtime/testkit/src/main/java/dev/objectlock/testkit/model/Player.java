package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import dev.objectlock.annotation.LockPropagation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user who changes, undoes and redoes at random, alone on a thread and in one flow; what the work must come to it checks
 * itself. Several play at once.
 */
final class Player {

    /** So deep transactions are begun in transactions. */
    static final int DEEPEST = 3;

    private final String name;
    private final TransactionHistory game;
    private final Dice dice;
    private final Judge judge;

    /** What it has open, the innermost last. */
    private final List<Attempt> open = new ArrayList<>();

    private int numbers;

    /** What a body throws that fails. */
    static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Planned(String who) {
            super(who);
        }
    }

    Player(String name, TransactionHistory game, long seed) {
        this.name = name;
        this.game = game;
        this.dice = new Dice(seed);
        this.judge = new Judge(game.journal(), game.rows());
    }

    String name() {
        return name;
    }

    /** Whether it is a user of its own, and not what tidies up. */
    boolean isPlaying() {
        return name.startsWith("p");
    }

    LockOwner owner() {
        return LockOwner.user(name).onClient(name);
    }

    /** What it has open, the innermost last. */
    List<Attempt> open() {
        return open;
    }

    private LockTransactions transactions() {
        return game.locks().transactions();
    }

    private Instant now() {
        return game.now();
    }

    /** Plays. */
    void play(int operations) {
        for (int i = 0; i < operations && !game.journal().isBroken(); i++) {
            game.locks().runAs(owner(), () -> operation(null, 0));
        }
    }

    /** Does something, in whatever it is in the middle of. */
    void operation(@Nullable Attempt around, int depth) {
        int kind = dice.below(100);
        if (kind < 32) {
            change(around, depth);
        } else if (kind < 62) {
            changeOpen(around, depth);
        } else if (kind < 86) {
            new Swap(game, this, dice, judge).play();
        } else if (kind < 92) {
            game.overrideSomebody(dice);
        } else if (kind < 96) {
            game.pass(dice.time(4));
        } else {
            game.readElsewhere(around == null ? name : around.toString());
        }
    }

    /** What is about to be asked for, and for whom it is captured. */
    private record Asked(TransactionRequest request, Attempt attempt, boolean joins) {}

    private Asked ask(@Nullable Attempt around, boolean oneCall) {
        LockPropagation propagation = dice.chance(60)
                ? LockPropagation.REQUIRED
                : dice.chance(90) ? LockPropagation.REQUIRES_NEW : LockPropagation.MANDATORY;
        boolean joins = around != null && propagation != LockPropagation.REQUIRES_NEW;
        Attempt attempt = around != null && joins ? around : attempt(dice.root(), oneCall);
        TransactionRequest request = TransactionRequest.of(attempt + (joins ? " more" : ""), dice.parts(attempt.root))
                .propagation(propagation);
        if (dice.chance(15)) {
            request = request.waitFor(Duration.ZERO);
        }
        return new Asked(request, attempt, joins);
    }

    Attempt attempt(LockPath root, boolean oneCall) {
        Attempt attempt = new Attempt(this, ++numbers, root, oneCall, dice.seed(), now());
        game.add(attempt);
        return attempt;
    }

    void write(Attempt attempt, List<ChangedPart> parts) {
        for (ChangedPart part : parts) {
            for (int i = Rows.from(part.extent()); i < Rows.to(part.extent()); i++) {
                if (dice.chance(70)) {
                    game.rows().write(attempt, part.path(), i);
                }
            }
        }
    }

    /** A transaction that is one call, or a call that is part of what is open. */
    private void change(@Nullable Attempt around, int depth) {
        Asked asked = ask(around, true);
        Attempt attempt = asked.attempt();
        Planned planned = dice.chance(25) ? new Planned(attempt + " fails") : null;
        boolean[] began = {false};
        Throwable thrown = null;
        Instant before = now();
        judge.asks(attempt);
        try {
            attempt.capturing(() -> transactions().call(asked.request(), () -> {
                began[0] = true;
                body(asked, depth);
                if (planned != null) {
                    attempt.failedInside |= asked.joins();
                    throw planned;
                }
                return true;
            }));
        } catch (RuntimeException | Error failed) {
            thrown = failed;
        }
        if (!began[0]) {
            judge.notBegun(asked.request(), attempt, asked.joins(), open, thrown);
        } else if (asked.joins()) {
            attempt.lastCall = before;
            judge.partOver(attempt, planned, thrown);
        } else {
            judge.over(attempt, planned, thrown);
        }
    }

    private void body(Asked asked, int depth) {
        Attempt attempt = asked.attempt();
        attempt.calls.incrementAndGet();
        if (!asked.joins()) {
            begun(attempt, transactions().current().orElseThrow());
        }
        try {
            work(attempt, asked.request().parts(), depth);
        } finally {
            if (!asked.joins()) {
                open.remove(attempt);
                knowWhetherLost(attempt, transactions().current().orElseThrow());
            }
            attempt.calls.decrementAndGet();
        }
    }

    /** Before anybody else knows its id, and can take something away. */
    private void begun(Attempt attempt, OpenTransaction handle) {
        if (attempt.overridden && !game.tellsLossesLate() && !handle.isOpen()) {
            game.journal().wrong(attempt + " is begun, although it was known to be lost");
        }
        attempt.id = handle.id();
        open.add(attempt);
    }

    private void work(Attempt attempt, List<ChangedPart> parts, int depth) {
        write(attempt, parts);
        for (int i = dice.below(3); i > 0 && depth < DEEPEST && !game.journal().isBroken(); i--) {
            operation(attempt, depth + 1);
        }
        write(attempt, parts);
    }

    /** While it is certain that nobody is just ending it: from then on nobody may. */
    static void knowWhetherLost(Attempt attempt, OpenTransaction handle) {
        // One of which a part has failed is not open either, and is put back.
        attempt.mustNotTouch |= attempt.overridden && !attempt.failedInside && !handle.isOpen();
    }

    /** A transaction with a beginning, an end, and gaps in between; or a part of what is open. */
    private void changeOpen(@Nullable Attempt around, int depth) {
        Asked asked = ask(around, false);
        Attempt attempt = asked.attempt();
        Instant before = now();
        judge.asks(attempt);
        OpenTransaction begun;
        try {
            begun = attempt.capturing(() -> transactions().begin(asked.request()));
        } catch (RuntimeException | Error failed) {
            judge.notBegun(asked.request(), attempt, asked.joins(), open, failed);
            return;
        }
        attempt.lastCall = before;
        if (asked.joins()) {
            new OpenChange(
                            game,
                            this,
                            dice,
                            judge,
                            attempt,
                            begun,
                            asked.request().parts())
                    .playPart(depth);
            return;
        }
        begun(attempt, begun);
        OpenChange change = new OpenChange(
                game, this, dice, judge, attempt, begun, asked.request().parts());
        change.play(depth);
        open.remove(attempt);
        change.end();
    }
}
