package dev.objectlock.spring.reactor;

import dev.objectlock.OwnerContext;
import dev.objectlock.weave.LockedWork;
import dev.objectlock.weave.LockedWork.Grant;
import dev.objectlock.weave.LockedWork.Request;
import java.util.concurrent.CancellationException;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** The pipeline that a method built, with its locks around each subscription. */
final class LockedPipeline {

    /** What the Context of a subscriber knows of locks: of which locked work it is a part. */
    private enum Key {
        WORK
    }

    private final LockedWork work;

    private LockedPipeline(LockedWork work) {
        this.work = work;
    }

    /** Wraps a {@code Mono} or {@code Flux}. */
    static Object of(Object result, LockedWork work) {
        LockedPipeline pipeline = new LockedPipeline(work);
        return result instanceof Mono<?> mono ? pipeline.around(mono) : pipeline.around((Flux<?>) result);
    }

    private <T> Mono<T> around(Mono<T> source) {
        return Mono.usingWhen(
                        asked(),
                        grant -> Mono.fromDirect(running(grant, source)),
                        this::succeeded,
                        this::failed,
                        this::cancelled)
                .onErrorMap(LockedPipeline::told);
    }

    private <T> Flux<T> around(Flux<T> source) {
        return Flux.usingWhen(asked(), grant -> running(grant, source), this::succeeded, this::failed, this::cancelled)
                .onErrorMap(LockedPipeline::told);
    }

    /** The source, for as long as the lock is not lost. */
    private static <T> Flux<T> running(Grant grant, Publisher<T> source) {
        Disposable.Swap running = Disposables.swap();
        return Flux.from(inside(grant, source))
                .doOnSubscribe(subscription -> running.update(subscription::cancel))
                .takeUntilOther(lost(grant, running))
                .contextWrite(context -> with(grant, context));
    }

    private Mono<Grant> asked() {
        return Mono.create(sink -> {
            OwnerContext outer = sink.contextView().getOrDefault(Key.WORK, null);
            Request request = work.begin(outer);
            sink.onCancel(request::giveUp);
            request.grant().whenComplete((grant, refused) -> {
                if (grant != null) {
                    sink.success(grant);
                } else if (refused != null && !(refused instanceof CancellationException)) {
                    sink.error(refused);
                }
            });
        });
    }

    private static <T> Publisher<T> inside(Grant grant, Publisher<T> source) {
        return subscriber -> grant.run(() -> source.subscribe(subscriber));
    }

    private static Context with(Grant grant, Context context) {
        OwnerContext inside = grant.context();
        return inside == null ? context : context.put(Key.WORK, inside);
    }

    /** Fails when the lock is lost, and else never ends. What runs is cancelled first: takeUntilOther would let it run on. */
    private static Mono<Void> lost(Grant grant, Disposable running) {
        return Mono.create(sink -> grant.whenLost(lost -> {
            running.dispose();
            sink.error(lost);
        }));
    }

    private Mono<Void> succeeded(Grant grant) {
        return ending(() -> {
            try {
                grant.succeeded();
            } catch (RuntimeException lost) {
                throw new Told(lost);
            }
        });
    }

    private Mono<Void> failed(Grant grant, Throwable failure) {
        return ending(() -> {
            Throwable told = grant.failed(failure);
            if (told != failure) {
                throw new Told(told);
            }
        });
    }

    private Mono<Void> cancelled(Grant grant) {
        return ending(grant::cancelled);
    }

    /** Where an answer of the store has to be waited for, no thread of an event loop does that. */
    private Mono<Void> ending(Runnable end) {
        return Mono.defer(() -> {
            Mono<Void> ending = Mono.fromRunnable(end);
            return work.endsAtOnce() || !Schedulers.isInNonBlockingThread()
                    ? ending
                    : ending.subscribeOn(Schedulers.boundedElastic());
        });
    }

    /** What the subscriber is told instead of what the source said; Reactor packs it into an exception of its own. */
    private static final class Told extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Told(Throwable told) {
            super(told.getMessage(), told, false, false);
        }
    }

    private static Throwable told(Throwable failure) {
        return failure.getCause() instanceof Told told && told.getCause() != null ? told.getCause() : failure;
    }
}
