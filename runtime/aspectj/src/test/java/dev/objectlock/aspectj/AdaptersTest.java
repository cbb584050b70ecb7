package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockObserver;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.MonitorHooks;
import dev.objectlock.MonitorLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import dev.objectlock.weave.LockedWork;
import dev.objectlock.weave.LockedWork.Grant;
import dev.objectlock.weave.LockedWork.Request;
import dev.objectlock.weave.ResultAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A type that carries work is taught by one class, which is found by itself. */
@ExtendWith(ObjectLocksExtension.class)
@AsUser("alice")
@Timeout(60)
class AdaptersTest {

    private static final LockPath A = LockPath.of("a");

    private final Lazy lazy = new Lazy();

    /** Work that is done when it is asked for. */
    interface Later {
        String get();
    }

    /** Lets a test do each step. */
    public static final class OfLater implements ResultAdapter {

        private static LockedWork last;

        public OfLater() {}

        @Override
        public boolean adapts(Class<?> returnType) {
            return returnType == Later.class;
        }

        @Override
        public boolean isStream(Class<?> returnType) {
            return false;
        }

        @Override
        public Object adapt(Object result, LockedWork work) {
            last = work;
            return (Later) () -> {
                Grant grant = granted(work.begin(null));
                String value;
                try {
                    value = ((Later) result).get();
                } catch (RuntimeException failed) {
                    throw (RuntimeException) grant.failed(failed);
                }
                grant.succeeded();
                return value;
            };
        }
    }

    /** Cannot be made. */
    static final class Broken implements ResultAdapter {

        Broken(String missing) {}

        @Override
        public boolean adapts(Class<?> returnType) {
            return true;
        }

        @Override
        public boolean isStream(Class<?> returnType) {
            return true;
        }

        @Override
        public Object adapt(Object result, LockedWork work) {
            throw new UnsupportedOperationException();
        }
    }

    private static Grant granted(Request request) {
        List<Grant> grants = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        request.grant().whenComplete((grant, failure) -> {
            if (grant == null) {
                failures.add(failure);
            } else {
                grants.add(grant);
            }
        });
        if (!failures.isEmpty()) {
            throw (RuntimeException) failures.get(0);
        }
        return grants.get(0);
    }

    static class Lazy implements MonitorHooks {
        private final List<String> hooks = new ArrayList<>();
        private boolean letsIn = true;

        @ObjectLock(path = "a", mode = LockMode.MONITOR, waitFor = "0s")
        Later later(Later work) {
            return work;
        }

        @ObjectLock(path = "a", mode = LockMode.USER, waitFor = "forever")
        Later patient(Later work) {
            return work;
        }

        @ObjectLock(path = "a", mode = LockMode.MONITOR)
        <T> T inside(Supplier<T> body) {
            return body.get();
        }

        @ObjectLock(path = "a", mode = LockMode.MONITOR)
        Flow.Publisher<String> stream(Flow.Publisher<String> source) {
            return source;
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        Future<String> future() {
            throw new AssertionError("must not run");
        }

        @ObjectLock(path = "a", mode = LockMode.USER, skipIf = "{dry}")
        Later unless(boolean dry, Later work) {
            return work;
        }

        @Guarded(path = "a")
        @ReleaseLock(path = "a")
        Later release(Later work) {
            return work;
        }

        @Override
        public boolean monitorEnter(Duration timeLeft) {
            hooks.add("enter");
            return letsIn;
        }

        @Override
        public void monitorExit() {
            hooks.add("exit");
        }
    }

    @ObjectLock(path = "a", mode = LockMode.USER)
    static class Marked {
        public Later later(Later work) {
            return work;
        }
    }

    @Test
    void theWorkIsLockedWhenItIsDone(ObjectLocks locks) {
        Later later = lazy.later(() -> "held " + locks.list(A).size());
        assertThat(locks.roots()).isEmpty();
        assertThat(later.get()).isEqualTo("held 1");
        assertThat(locks.roots()).isEmpty();
        assertThat(later.get()).as("and again").isEqualTo("held 1");
        assertThat(new Marked().later(() -> "held " + locks.list(A).size()).get())
                .isEqualTo("held 1");
        assertThat(lazy.unless(true, () -> "held " + locks.list(A).size()).get())
                .isEqualTo("held 0");
        assertThat(lazy.later(null)).isNull();
    }

    @Test
    void aTypeWithoutAnAdapterIsStillRefusedByName() {
        assertThatThrownBy(lazy::future)
                .isInstanceOf(LockConfigurationException.class)
                .hasMessageContaining("java.util.concurrent.Future");
    }

    @Test
    void aGrantEndsOnceAndGivingUpEndsIt(ObjectLocks locks) {
        lazy.later(() -> "");
        LockedWork work = OfLater.last;
        Request request = work.begin(null);
        Grant grant = granted(request);
        assertThat(locks.list(A)).hasSize(1);
        request.giveUp();
        assertThat(locks.roots()).isEmpty();
        IllegalStateException failure = new IllegalStateException("late");
        assertThat(grant.failed(failure)).isSameAs(failure);
        grant.succeeded();
        grant.cancelled();
        Grant other = granted(work.begin(null));
        grant.cancelled();
        assertThat(locks.list(A)).as("a late end ends nobody else's").hasSize(1);
        other.succeeded();
    }

    @Test
    void workInsideWorkIsTheSameFlow(ObjectLocks locks) {
        lazy.later(() -> "");
        LockedWork work = OfLater.last;
        Grant outer = granted(work.begin(null));
        Grant inner = granted(work.begin(outer.context()));
        assertThat(locks.list(A)).hasSize(1);
        inner.run(() -> {
            assertThat(Hold.current().paths()).containsExactly(A);
            assertThat(lazy.inside(() -> "joined")).isEqualTo("joined");
        });
        outer.succeeded();
        assertThat(locks.list(A)).as("lasts as long as who joined").hasSize(1);
        inner.succeeded();
        assertThat(locks.roots()).isEmpty();
        assertThat(lazy.hooks).as("who joins does not ask").containsExactly("enter", "exit");
    }

    @Test
    void theObjectIsAskedByEachGrantOfOneValue(ObjectLocks locks) {
        lazy.letsIn = false;
        Later later = lazy.later(() -> "");
        assertThatThrownBy(later::get).isInstanceOf(MonitorLockedException.class);
        assertThat(locks.roots()).isEmpty();
        lazy.letsIn = true;
        assertThat(later.get()).isEmpty();
        assertThat(lazy.hooks).containsExactly("enter", "enter", "exit");
        lazy.stream(subscriber -> subscriber.onComplete()).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {}

            @Override
            public void onNext(String item) {}

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError(failure);
            }

            @Override
            public void onComplete() {
                lazy.hooks.add("complete");
            }
        });
        assertThat(lazy.hooks).containsExactly("enter", "enter", "exit", "complete");
    }

    @Test
    void whoGivesUpLeavesTheLine(ObjectLocks locks) {
        Hold held = locks.callAs(
                LockOwner.user("bob"), () -> locks.acquire(LockRequest.user(A).keep()));
        lazy.patient(() -> "");
        Request request = OfLater.last.begin(null);
        assertThat(locks.status(A).waiters()).hasSize(1);
        request.giveUp();
        assertThat(locks.status(A).waiters()).isEmpty();
        held.close();
        assertThatThrownBy(() -> request.grant().toCompletableFuture().join())
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void whoCalledIsWhoAsksWhereverItIsDone(ObjectLocks locks) {
        Later later = lazy.patient(() -> OwnerContext.bound()
                .map(context -> String.valueOf(context.owner().user()))
                .orElse("nobody bound"));
        List<String> holders = new ArrayList<>();
        LockedWork work = OfLater.last;
        locks.runAs(LockOwner.nobody(), () -> {
            Grant grant = granted(work.begin(null));
            locks.list(A).forEach(hold -> holders.add(hold.owner().user()));
            grant.succeeded();
        });
        assertThat(holders).containsExactly("alice");
        assertThat(later).isNotNull();
        locks.runAs(LockOwner.nobody(), () -> assertThatThrownBy(
                        () -> lazy.patient(() -> "").get())
                .isInstanceOf(LockAuthenticationException.class));
    }

    @Test
    void guardsAndReleasesAreOfTheWork(ObjectLocks locks) {
        Later later = lazy.release(() -> "held " + locks.list(A).size());
        locks.acquire(LockRequest.user(A).keep());
        assertThat(later.get()).isEqualTo("held 1");
        assertThat(locks.roots()).isEmpty();
    }

    @Test
    void eachSubscriptionIsObserved() {
        List<String> seen = new ArrayList<>();
        LockObserver observer = call -> {
            seen.add("asks " + call.templates());
            return new LockObserver.Observed() {
                @Override
                public void granted(boolean joined) {
                    seen.add(joined ? "joined" : "granted");
                }

                @Override
                public void refused(RuntimeException why) {
                    seen.add("refused " + why.getClass().getSimpleName());
                }

                @Override
                public void ended(Throwable failure) {
                    seen.add("ended " + failure);
                }
            };
        };
        try (ObjectLocks own = ObjectLocks.builder().observer(observer).build()) {
            own.runAs(LockOwner.user("alice"), () -> {
                lazy.later(() -> "");
                assertThat(seen).as("the call itself takes nothing").isEmpty();
                LockedWork work = OfLater.last;
                Grant outer = granted(work.begin(null));
                granted(work.begin(outer.context())).succeeded();
                assertThatThrownBy(() -> granted(work.begin(null))).isInstanceOf(MonitorLockedException.class);
                outer.succeeded();
            });
        }
        assertThat(seen)
                .containsExactly(
                        "asks [a]",
                        "granted",
                        "asks [a]",
                        "joined",
                        "ended null",
                        "asks [a]",
                        "refused MonitorLockedException",
                        "ended null");
    }
}
