package dev.objectlock.testkit.model;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockTransactions;
import dev.objectlock.OpenTransaction;
import dev.objectlock.TransactionRequest;
import dev.objectlock.UndoEntry;
import dev.objectlock.annotation.LockPropagation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A user who changes, undoes and redoes at random, alone on a thread and in one flow; what the work must come to it checks
 * itself. Several play at once.
 */
final class Player {

    /** So deep transactions are begun in transactions. */
    private static final int DEEPEST = 3;

    private final String name;
    private final TransactionHistory game;
    private final Random random;
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
        this.random = new Random(seed);
        this.judge = new Judge(game.journal(), game.rows());
    }

    String name() {
        return name;
    }

    LockOwner owner() {
        return LockOwner.user(name).onClient(name);
    }

    private LockTransactions transactions() {
        return game.locks().transactions();
    }

    private Instant now() {
        return game.now();
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Plays. */
    void play(int operations) {
        for (int i = 0; i < operations && !game.journal().isBroken(); i++) {
            game.locks().runAs(owner(), () -> operation(null, 0));
        }
    }

    private void operation(@Nullable Attempt around, int depth) {
        int kind = random.nextInt(100);
        if (kind < 32) {
            change(around, depth);
        } else if (kind < 62) {
            changeOpen(around, depth);
        } else if (kind < 86) {
            swap();
        } else if (kind < 92) {
            game.overrideSomebody(random);
        } else if (kind < 96) {
            game.pass(Duration.ofMillis(random.nextInt(4_000)));
        } else {
            game.readElsewhere(around == null ? name : around.toString());
        }
    }

    /** What is about to be asked for, and for whom it is captured. */
    private record Asked(TransactionRequest request, Attempt attempt, boolean joins) {}

    private Asked ask(@Nullable Attempt around, boolean oneCall) {
        LockPropagation propagation = chance(60)
                ? LockPropagation.REQUIRED
                : chance(90) ? LockPropagation.REQUIRES_NEW : LockPropagation.MANDATORY;
        boolean joins = around != null && propagation != LockPropagation.REQUIRES_NEW;
        Attempt attempt = around != null && joins ? around : attempt(anyRoot(), oneCall);
        TransactionRequest request = TransactionRequest.of(attempt + (joins ? " more" : ""), parts(attempt.root))
                .propagation(propagation);
        if (chance(15)) {
            request = request.waitFor(Duration.ZERO);
        }
        return new Asked(request, attempt, joins);
    }

    private LockPath anyRoot() {
        return Rows.PATHS.get(random.nextInt(Rows.PATHS.size())).root();
    }

    private Attempt attempt(LockPath root, boolean oneCall) {
        Attempt attempt = new Attempt(this, ++numbers, root, oneCall, random.nextLong(), now());
        game.add(attempt);
        return attempt;
    }

    private List<ChangedPart> parts(LockPath root) {
        List<LockPath> paths =
                Rows.PATHS.stream().filter(path -> path.root().equals(root)).toList();
        List<ChangedPart> parts = new ArrayList<>();
        int wanted = chance(70) ? 1 : 2;
        while (parts.size() < wanted) {
            ChangedPart part = new ChangedPart(paths.get(random.nextInt(paths.size())), extent());
            if (parts.stream().noneMatch(part::overlaps)) {
                parts.add(part);
            } else {
                wanted--;
            }
        }
        return parts;
    }

    private @Nullable Extent extent() {
        if (chance(8)) {
            return null;
        }
        int from = random.nextInt(Rows.LENGTH);
        return new Extent(from, from + 1 + random.nextInt(Math.min(5, Rows.LENGTH - from)));
    }

    private void write(Attempt attempt, List<ChangedPart> parts) {
        for (ChangedPart part : parts) {
            for (int i = Rows.from(part.extent()); i < Rows.to(part.extent()); i++) {
                if (chance(70)) {
                    game.rows().write(attempt, part.path(), i);
                }
            }
        }
    }

    /** A transaction that is one call, or a call that is part of what is open. */
    private void change(@Nullable Attempt around, int depth) {
        Asked asked = ask(around, true);
        Attempt attempt = asked.attempt();
        Planned planned = chance(25) ? new Planned(attempt + " fails") : null;
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
            attempt.id = transactions().current().orElseThrow().id();
            open.add(attempt);
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

    private void work(Attempt attempt, List<ChangedPart> parts, int depth) {
        write(attempt, parts);
        for (int i = random.nextInt(3);
                i > 0 && depth < DEEPEST && !game.journal().isBroken();
                i--) {
            operation(attempt, depth + 1);
        }
        write(attempt, parts);
    }

    /** While it is certain that nobody is just ending it: from then on nobody may. It is not open either if a part has failed. */
    private static void knowWhetherLost(Attempt attempt, OpenTransaction handle) {
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
            stepsOfPart(attempt, begun, asked.request().parts(), depth);
            return;
        }
        attempt.id = begun.id();
        open.add(attempt);
        steps(attempt, begun, asked.request().parts(), depth);
        open.remove(attempt);
        end(attempt, begun);
    }

    private void stepsOfPart(Attempt attempt, OpenTransaction part, List<ChangedPart> parts, int depth) {
        steps(attempt, part, parts, depth);
        Throwable thrown = null;
        if (chance(75)) {
            try {
                part.commit();
            } catch (RuntimeException failed) {
                thrown = failed;
            }
        } else {
            attempt.failedInside = true;
        }
        part.close();
        if (thrown != null) {
            judge.refused(attempt, thrown);
        }
    }

    private void steps(Attempt attempt, OpenTransaction handle, List<ChangedPart> parts, int depth) {
        List<ChangedPart> mine = new ArrayList<>(parts);
        for (int i = 1 + random.nextInt(3); i > 0 && !game.journal().isBroken(); i--) {
            int kind = random.nextInt(100);
            if (kind < 40) {
                call(attempt, handle, () -> handle.run(() -> inCall(attempt, mine)));
            } else if (kind < 55) {
                widen(attempt, handle, mine);
            } else if (kind < 70) {
                game.pass(Duration.ofMillis(random.nextInt(12_000)));
            } else if (kind < 78) {
                call(
                        attempt,
                        handle,
                        () -> game.elsewhere(this, attempt, () -> transactions()
                                .run(attempt.root, attempt.id, () -> inCall(attempt, mine))));
            } else if (depth < DEEPEST) {
                operation(attempt, depth + 1);
            }
        }
    }

    private void inCall(Attempt attempt, List<ChangedPart> parts) {
        attempt.calls.incrementAndGet();
        write(attempt, parts);
        if (chance(20)) {
            game.pass(Duration.ofMillis(random.nextInt(12_000)));
            write(attempt, parts);
        }
        knowWhetherLost(attempt, transactions().current().orElseThrow());
        attempt.calls.decrementAndGet();
    }

    private void call(Attempt attempt, OpenTransaction handle, Runnable work) {
        Instant before = now();
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

    private void widen(Attempt attempt, OpenTransaction handle, List<ChangedPart> mine) {
        ChangedPart part = parts(attempt.root).get(0);
        Extent extent = part.extent();
        Instant before = now();
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
            mine.add(part);
        } catch (RuntimeException failed) {
            judge.notBegun(TransactionRequest.of("widen", List.of(part)), attempt, true, open, failed);
        }
    }

    private void end(Attempt attempt, OpenTransaction handle) {
        if (Duration.between(attempt.lastCall, now()).compareTo(Judge.IDLE) < 0) {
            knowWhetherLost(attempt, handle);
        }
        Throwable thrown = null;
        int kind = random.nextInt(100);
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

    /** Undoes or redoes the last step, or one that a menu shows. */
    private void swap() {
        LockPath root = anyRoot();
        Attempt attempt = attempt(root, true);
        boolean undo = chance(60);
        List<UndoEntry> menu =
                undo ? transactions().undoable(root) : transactions().redoable(root);
        UndoEntry shown = menu.isEmpty() || chance(60) ? null : menu.get(random.nextInt(Math.min(2, menu.size())));
        Long done = null;
        Throwable thrown = null;
        judge.asks(attempt);
        try {
            done = attempt.capturing(() -> shown == null ? swap(root, undo) : swap(shown, undo));
        } catch (RuntimeException failed) {
            thrown = failed;
        }
        if (thrown != null) {
            judge.notSwapped(attempt, open, thrown);
        } else {
            judge.swapped(attempt, done);
        }
    }

    private @Nullable Long swap(LockPath root, boolean undo) {
        Optional<UndoEntry> done =
                undo ? transactions().undo(root) : transactions().redo(root);
        return done.map(UndoEntry::id).orElse(null);
    }

    private @Nullable Long swap(UndoEntry shown, boolean undo) {
        return (undo ? transactions().undo(shown) : transactions().redo(shown)) ? Long.valueOf(shown.id()) : null;
    }
}
