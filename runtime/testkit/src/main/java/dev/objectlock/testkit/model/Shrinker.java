package dev.objectlock.testkit.model;

import dev.objectlock.testkit.model.Operation.Take;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing history smaller as long as it still fails. */
final class Shrinker {

    private final Predicate<History> fails;

    Shrinker(Predicate<History> fails) {
        this.fails = fails;
    }

    History shrink(History failing) {
        History smallest = failing;
        for (boolean shrunk = true; shrunk; ) {
            History before = smallest;
            for (int size = Math.max(1, smallest.operations().size() / 2); size > 0; size /= 2) {
                smallest = withoutRuns(smallest, size);
            }
            smallest = simpler(smallest);
            shrunk = !smallest.equals(before);
        }
        return smallest;
    }

    private History withoutRuns(History history, int size) {
        List<Operation> operations = new ArrayList<>(history.operations());
        for (int at = operations.size() - size; at >= 0; at--) {
            List<Operation> fewer = new ArrayList<>(operations.subList(0, at));
            fewer.addAll(operations.subList(Math.min(at + size, operations.size()), operations.size()));
            if (fewer.size() < operations.size() && fails.test(new History(fewer))) {
                operations = fewer;
            }
        }
        return new History(operations);
    }

    private History simpler(History history) {
        List<Operation> operations = new ArrayList<>(history.operations());
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i) instanceof Take take) {
                for (Wanted wanted : simpler(take.wanted())) {
                    Operation before = operations.get(i);
                    operations.set(i, new Take(take.id(), take.actor(), wanted));
                    if (fails.test(new History(operations))) {
                        return new History(operations);
                    }
                    operations.set(i, before);
                }
            }
        }
        return history;
    }

    private static List<Wanted> simpler(Wanted wanted) {
        List<Wanted> simpler = new ArrayList<>();
        if (wanted.paths().size() > 1) {
            for (String path : wanted.paths()) {
                List<String> others = new ArrayList<>(wanted.paths());
                others.remove(path);
                simpler.add(with(wanted, others, wanted.shared(), wanted.call(), wanted.lease(), wanted.maxHold()));
            }
        }
        if (wanted.shared()) {
            simpler.add(with(wanted, wanted.paths(), false, wanted.call(), wanted.lease(), wanted.maxHold()));
        }
        if (wanted.call()) {
            simpler.add(with(wanted, wanted.paths(), wanted.shared(), false, wanted.lease(), wanted.maxHold()));
        }
        if (wanted.lease() > 0) {
            simpler.add(with(wanted, wanted.paths(), wanted.shared(), wanted.call(), 0, wanted.maxHold()));
        }
        if (wanted.maxHold() > 0) {
            simpler.add(with(wanted, wanted.paths(), wanted.shared(), wanted.call(), wanted.lease(), 0));
        }
        return simpler;
    }

    private static Wanted with(Wanted from, List<String> paths, boolean shared, boolean call, int lease, int maxHold) {
        return new Wanted(
                paths,
                from.mode(),
                from.tree(),
                shared,
                from.span(),
                from.kept(),
                call,
                from.waits(),
                lease,
                maxHold,
                lease == 0 ? Renew.ON_USE : from.renew(),
                from.slots());
    }
}
