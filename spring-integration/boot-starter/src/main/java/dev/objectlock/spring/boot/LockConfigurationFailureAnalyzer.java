package dev.objectlock.spring.boot;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.spring.SeveralBackendsException;
import dev.objectlock.spring.UncoveredMethodsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why an application with wrong locks does not start, and what to do. */
final class LockConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<LockConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LockConfigurationException cause) {
        return new FailureAnalysis(cause.getMessage(), action(cause), cause);
    }

    private static String action(LockConfigurationException cause) {
        if (cause instanceof UncoveredMethodsException) {
            return "Make each method one that a proxy sees, or weave its class (docs/weaving.md). To start all the same, with"
                    + " these calls unlocked, set objectlock.uncovered-methods=warn.";
        }
        if (cause instanceof SeveralBackendsException) {
            return "Remove all LockBackend beans but one, for instance by @Profile or @ConditionalOnProperty.";
        }
        return "Correct the annotation, setting or bean that is named above.";
    }
}
