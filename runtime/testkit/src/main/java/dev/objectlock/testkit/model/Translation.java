package dev.objectlock.testkit.model;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.Renewal;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import java.time.Duration;

/** Between the words of the model and those of the library. */
final class Translation {

    private Translation() {}

    static LockRequest request(Wanted wanted) {
        LockPath[] more = wanted.paths().stream().skip(1).map(LockPath::parse).toArray(LockPath[]::new);
        LockRequest request = LockRequest.of(
                        LockMode.valueOf(wanted.mode().name()),
                        LockPath.parse(wanted.paths().get(0)),
                        more)
                .scope(wanted.tree() ? LockScope.TREE : LockScope.OBJECT);
        request = wanted.shared() ? request.shared() : request;
        request = wanted.slots() > 0 ? request.slots(wanted.slots()) : request;
        Span span = wanted.span();
        request = span == null ? request : request.extent(span.from(), span.to());
        request = wanted.waits() == Wanted.BY_DEFAULT ? request : request.waitFor(Duration.ofSeconds(wanted.waits()));
        request = wanted.kept() ? request.keep() : request;
        request = wanted.maxHold() == 0 ? request : request.maxHold(Duration.ofSeconds(wanted.maxHold()));
        if (wanted.lease() == 0) {
            return request;
        }
        return request.lease(Duration.ofSeconds(wanted.lease()))
                .renewal(wanted.renew() == Renew.NEVER ? Renewal.NEVER : Renewal.ON_USE);
    }

    static Part part(HoldInfo info) {
        return new Part(
                info.path().toString(),
                Mode.valueOf(info.mode().name()),
                info.scope() == LockScope.TREE,
                info.access() == LockAccess.SHARED,
                info.extent() == null
                        ? null
                        : new Span(info.extent().from(), info.extent().to()),
                info.kept(),
                info.slots());
    }
}
