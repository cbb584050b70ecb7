package dev.objectlock.spring;

import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.AdviceModeImportSelector;
import org.springframework.context.annotation.AutoProxyRegistrar;

/** Chooses what {@link EnableObjectLocks} brings in. */
final class ObjectLocksSelector extends AdviceModeImportSelector<EnableObjectLocks> {

    @Override
    protected String[] selectImports(AdviceMode mode) {
        return mode == AdviceMode.PROXY
                ? new String[] {
                    AutoProxyRegistrar.class.getName(),
                    ProxyConfiguration.class.getName(),
                    ObjectLocksConfiguration.class.getName()
                }
                : new String[] {ObjectLocksConfiguration.class.getName()};
    }
}
