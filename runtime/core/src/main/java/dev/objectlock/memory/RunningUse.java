package dev.objectlock.memory;

import dev.objectlock.backend.GuardAnswer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work of a process that uses kept holds, until it ends or its process does. */
final class RunningUse implements GuardAnswer.Use {

    private final MemoryProcess process;
    private final String root;
    private final List<KeptHeld> leased;
    private final AtomicBoolean over = new AtomicBoolean();

    /** Begins it, with the mutex of the tree held. */
    RunningUse(MemoryProcess process, String root, List<KeptHeld> leased) {
        this.process = process;
        this.root = root;
        this.leased = leased;
        leased.forEach(KeptHeld::beginUse);
    }

    @Override
    public void end() {
        if (over.getAndSet(true)) {
            return;
        }
        process.ended(this);
        MemoryLockBackend backend = process.backend();
        backend.inTree(root, tree -> {
            long nanoTime = backend.time().nanoTime();
            leased.forEach(held -> held.endUse(nanoTime));
            return true;
        });
    }
}
