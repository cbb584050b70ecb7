package dev.objectlock.spring;

import dev.objectlock.ObjectLocks;
import dev.objectlock.Subscription;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;

/** The participants that a context brings along, whatever context its engine is of. */
final class RegisteredParticipants implements DisposableBean {

    private final List<Subscription> registered;

    RegisteredParticipants(ObjectLocks locks, Stream<UndoParticipantRegistration> all) {
        registered = all.map(one -> locks.transactions().participant(one.pattern(), one.participant()))
                .toList();
    }

    @Override
    public void destroy() {
        registered.forEach(Subscription::close);
    }
}
