package dev.objectlock.weave;

import java.util.concurrent.Flow;

/** The publishers of the JDK. */
final class PublisherResults implements ResultAdapter {

    @Override
    public boolean adapts(Class<?> returnType) {
        return returnType == Flow.Publisher.class;
    }

    @Override
    public boolean isStream(Class<?> returnType) {
        return true;
    }

    @Override
    public Object adapt(Object result, LockedWork work) {
        return new LockedPublisher<>((Flow.Publisher<?>) result, work);
    }
}
