package dev.objectlock.spring;

import dev.objectlock.OwnerContext;
import java.time.Duration;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Confirms the holds of the flow before each commit, so that work whose lock was lost is rolled back. It listens to every
 * transaction manager of the context.
 */
final class CommitCheck implements BeanPostProcessor, TransactionExecutionListener {

    /** How long a hold must last from before the commit: what a database mostly takes for it. */
    private static final Duration TO_SPARE = Duration.ofMillis(100);

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            manager.addListener(this);
        }
        return bean;
    }

    /** What this throws rolls the transaction back. */
    @Override
    public void beforeCommit(TransactionExecution transaction) {
        OwnerContext.bound().ifPresent(context -> context.ensureHolds(TO_SPARE));
    }
}
