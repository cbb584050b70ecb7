package dev.objectlock.memory;

import dev.objectlock.backend.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Decisions about waiters that are made under a tree's mutex and told after it: what waits for them may run anything. */
final class Effects {

    private final List<Runnable> decisions = new ArrayList<>(2);

    void decide(Waiter waiter, Answer answer) {
        CompletableFuture<Answer> decision = waiter.decision;
        decisions.add(() -> decision.complete(answer));
    }

    void tell() {
        decisions.forEach(Runnable::run);
    }
}
