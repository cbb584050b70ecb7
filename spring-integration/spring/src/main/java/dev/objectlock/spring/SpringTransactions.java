package dev.objectlock.spring;

import dev.objectlock.SurroundingTransactions;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Finds the transaction of Spring that runs on a thread. */
final class SpringTransactions implements SurroundingTransactions {

    @Override
    public Optional<Running> running() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return Optional.empty();
        }
        String name = TransactionSynchronizationManager.getCurrentTransactionName();
        return Optional.of(new OnThread(name == null ? "that has no name" : name));
    }

    /** A transaction and the methods around which it runs stay on one thread. */
    private record OnThread(String name) implements Running {

        @Override
        public void whenOver(Consumer<Boolean> end) {
            if (!TransactionSynchronizationManager.isSynchronizationActive()) {
                end.accept(true);
                return;
            }
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    end.accept(status == STATUS_COMMITTED);
                }
            });
        }
    }
}
