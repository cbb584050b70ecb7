package dev.objectlock.spring.micrometer;

import dev.objectlock.OwnerContext;
import dev.objectlock.weave.ThreadOwner;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Carries user and client wherever Micrometer's context propagation goes, as a new flow: what the capturing thread holds for
 * its calls, others do not hold. Found by the service loader. Thread-safe.
 */
public final class OwnerAccessor implements ThreadLocalAccessor<OwnerContext> {

    /** The key under which the owner is carried. */
    public static final String KEY = "dev.objectlock.owner";

    /** For the service loader. */
    public OwnerAccessor() {}

    @Override
    public Object key() {
        return KEY;
    }

    @Override
    public @Nullable OwnerContext getValue() {
        return ThreadOwner.capture();
    }

    @Override
    public void setValue(OwnerContext captured) {
        ThreadOwner.carry(captured);
    }

    @Override
    public void setValue() {
        ThreadOwner.carry(null);
    }

    @Override
    public void restore(OwnerContext before) {
        ThreadOwner.restore(before);
    }

    @Override
    public void restore() {
        ThreadOwner.restore(null);
    }
}
