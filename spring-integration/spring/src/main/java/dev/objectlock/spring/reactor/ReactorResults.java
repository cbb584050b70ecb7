package dev.objectlock.spring.reactor;

import dev.objectlock.weave.LockedWork;
import dev.objectlock.weave.ResultAdapter;
import org.springframework.util.ClassUtils;

/**
 * Makes the locks of methods that return {@code Mono} or {@code Flux} last as long as each subscription. It is found by itself
 * where Reactor is on the class path.
 *
 * <p>A call of such a method works out its paths, checks its guards and builds the pipeline. Each subscription checks the
 * guards again, takes the locks without holding a thread while it waits, and then subscribes to what the method returned. The
 * locks are given back before the subscriber is told that it has completed or failed, and when it cancels; the value of a
 * {@code Mono} comes after that too. If a lock is lost, the source is cancelled and the subscriber gets a {@link
 * dev.objectlock.LockLostException}. What {@code @ReleaseLock} names is looked for when the subscription begins and given
 * back when it has succeeded or, with {@code ALWAYS}, ended. What a subscription took to be kept is given back if it fails or
 * is cancelled.
 *
 * <p>The {@code Context} of the subscriber reaches the source, and tells it in which flow it is: locked work anywhere inside it
 * is the same flow, so it joins what is held and does not wait for it. Otherwise a {@code Mono} that was made in a call with a
 * lock, and is subscribed to while that call goes on, is in the flow of that call; every other subscription is a flow of its
 * own for whoever called the method, so two of them exclude each other under MONITOR even on one thread.
 *
 * <p>A class-level annotation holds for methods that return {@code Mono}, and not for those that return {@code Flux}, which
 * are channels. Stateless; thread-safe.
 */
public final class ReactorResults implements ResultAdapter {

    // By name: this class is made whether Reactor is there or not.
    private static final String MONO = "reactor.core.publisher.Mono";
    private static final String FLUX = "reactor.core.publisher.Flux";

    /** For {@link java.util.ServiceLoader}. */
    public ReactorResults() {}

    @Override
    public boolean adapts(Class<?> returnType) {
        String name = returnType.getName();
        return (name.equals(MONO) || name.equals(FLUX))
                && ClassUtils.isVisible(returnType, ReactorResults.class.getClassLoader());
    }

    @Override
    public boolean isStream(Class<?> returnType) {
        return returnType.getName().equals(FLUX);
    }

    @Override
    public Object adapt(Object result, LockedWork work) {
        return LockedPipeline.of(result, work);
    }
}
