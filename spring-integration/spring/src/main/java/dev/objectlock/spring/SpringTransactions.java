package dev.objectlock.spring;

import dev.objectlock.SurroundingTransactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Finds the transaction of Spring that runs on a thread: the same object as long as that goes on, also after a suspension. */
final class SpringTransactions implements SurroundingTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(SpringTransactions.class);

    @Override
    public Optional<Running> running() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return Optional.empty();
        }
        for (TransactionSynchronization one : TransactionSynchronizationManager.getSynchronizations()) {
            if (one instanceof OnThread known) {
                return Optional.of(known);
            }
        }
        String name = TransactionSynchronizationManager.getCurrentTransactionName();
        OnThread found = new OnThread(name == null ? "that has no name" : name);
        TransactionSynchronizationManager.registerSynchronization(found);
        return Optional.of(found);
    }

    /** What is to be done when it is over, in the order in which that was said. */
    private static final class OnThread implements Running, TransactionSynchronization {

        private final String name;
        private final ReentrantLock lock = new ReentrantLock();
        private final List<Consumer<Boolean>> ends = new ArrayList<>();
        private final List<Runnable> checks = new ArrayList<>();
        private @Nullable Boolean committed;

        OnThread(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void whenOver(Consumer<Boolean> end) {
            Boolean over;
            lock.lock();
            try {
                over = committed;
                if (over == null) {
                    ends.add(end);
                }
            } finally {
                lock.unlock();
            }
            if (over != null) {
                end.accept(over);
            }
        }

        @Override
        public void beforeCommit(Runnable check) {
            lock.lock();
            try {
                checks.add(check);
            } finally {
                lock.unlock();
            }
        }

        /** What this throws rolls the transaction back. */
        @Override
        public void beforeCommit(boolean readOnly) {
            List<Runnable> all;
            lock.lock();
            try {
                all = List.copyOf(checks);
            } finally {
                lock.unlock();
            }
            all.forEach(Runnable::run);
        }

        @Override
        public void afterCompletion(int status) {
            boolean over = status == STATUS_COMMITTED;
            List<Consumer<Boolean>> all;
            lock.lock();
            try {
                committed = over;
                all = List.copyOf(ends);
            } finally {
                lock.unlock();
            }
            for (Consumer<Boolean> end : all) {
                try {
                    end.accept(over);
                } catch (RuntimeException | Error failed) {
                    LOG.error("after the transaction {}", name, failed);
                }
            }
        }
    }
}
