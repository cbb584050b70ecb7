package dev.objectlock.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockObserver;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLockedException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.TaskExecutor;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Where the locks stand among the other interceptors of a bean: outside the first two, inside the others. */
class OrderTest {

    private static final LockPath THING = LockPath.of("thing:1");

    private AnnotationConfigApplicationContext context;
    private ObjectLocks locks;
    private Things things;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(App.class);
        locks = context.getBean(ObjectLocks.class);
        things = context.getBean(Things.class);
    }

    @AfterEach
    void stop() {
        SecurityContextHolder.clearContext();
        assertThat(locks.roots()).as("nothing is held afterwards").isEmpty();
        context.close();
    }

    @Test
    void outsideCaching() {
        locks.runAs(LockOwner.user("alice"), () -> assertThat(things.cached()).isEqualTo(1));
        locks.runAs(
                LockOwner.user("alice"),
                () -> assertThat(things.cached()).as("from the cache").isEqualTo(1));
        assertThat(context.getBean(Asked.class).methods).hasSize(2);

        whileBobHasIt(() -> assertThatExceptionOfType(ObjectLockedException.class)
                .as("what is in the cache may be old")
                .isThrownBy(() -> locks.runAs(LockOwner.user("alice"), () -> things.cached())));
    }

    @Test
    void outsideTransactions() {
        locks.runAs(LockOwner.user("alice"), () -> things.transactional());
        assertThat(context.getBean(Transactions.class).heldAtCommit)
                .as("whether it was held when the transaction began, and when it was committed")
                .containsExactly(true, true);
    }

    @Test
    void insideMethodSecurity() {
        login("alice");
        whileBobHasIt(() -> assertThatThrownBy(() -> things.secured())
                .as("who may not enter is not told who is inside, and does not wait")
                .isInstanceOf(AccessDeniedException.class));
        assertThat(context.getBean(Asked.class).methods).isEmpty();

        login("alice", "ROLE_ADMIN", "objectlock");
        assertThat(things.secured()).isTrue();
    }

    @Test
    void insideAsync() throws Exception {
        CompletableFuture<Boolean> done = locks.callAs(LockOwner.user("alice"), () -> things.async());
        assertThat(done.get(20, TimeUnit.SECONDS))
                .as("held where the work is done")
                .isTrue();

        whileBobHasIt(() -> {
            CompletableFuture<Boolean> refused = locks.callAs(LockOwner.user("alice"), () -> things.async());
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> refused.get(20, TimeUnit.SECONDS))
                    .withCauseInstanceOf(ObjectLockedException.class);
        });
    }

    @Test
    void insideRetry() {
        locks.runAs(LockOwner.user("alice"), () -> things.retried());
        assertThat(context.getBean(Asked.class).methods)
                .as("each attempt takes the lock again")
                .hasSize(3);
    }

    private void whileBobHasIt(Runnable body) {
        locks.runAs(
                LockOwner.user("bob"),
                () -> locks.acquire(LockRequest.user(THING).keep()));
        try {
            body.run();
        } finally {
            locks.runAs(LockOwner.user("bob"), () -> locks.release(THING));
        }
    }

    private static void login(String user, String... authorities) {
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken(user, "", authorities));
    }

    static class Things {

        private final AtomicInteger calls = new AtomicInteger();

        @Cacheable("things")
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        int cached() {
            return calls.incrementAndGet();
        }

        @Transactional
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        void transactional() {}

        @PreAuthorize("hasRole('ADMIN')")
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        boolean secured() {
            return Hold.current().isHeld();
        }

        @Async
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        CompletableFuture<Boolean> async() {
            return CompletableFuture.completedFuture(Hold.current().isHeld());
        }

        @Retryable(maxRetries = 2, delay = 1)
        @ObjectLock(path = "thing:1", mode = LockMode.USER)
        void retried() {
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
        }
    }

    /** Which calls have asked for locks. */
    static class Asked implements LockObserver {

        private final List<String> methods = new ArrayList<>();

        @Override
        public Observed asks(ObservedCall call) {
            methods.add(call.method());
            return new Observed() {
                @Override
                public void granted(boolean joined) {}

                @Override
                public void refused(RuntimeException why) {}

                @Override
                public void ended(@Nullable Throwable failure) {}
            };
        }
    }

    /** Looks at the lock instead of at a database. */
    @SuppressWarnings("serial")
    static class Transactions extends AbstractPlatformTransactionManager {

        private final transient ObjectLocks locks;
        private final List<Boolean> heldAtCommit = new ArrayList<>();

        Transactions(ObjectLocks locks) {
            this.locks = locks;
        }

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, org.springframework.transaction.TransactionDefinition definition) {
            heldAtCommit.add(!locks.status(THING).isFree());
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            heldAtCommit.add(!locks.status(THING).isFree());
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            throw new AssertionError("nothing failed");
        }
    }

    @Configuration
    @EnableObjectLocks
    @EnableCaching(proxyTargetClass = true)
    @EnableTransactionManagement
    @EnableMethodSecurity
    @EnableAsync
    @EnableResilientMethods
    @Import({Things.class, Asked.class})
    static class App {

        @Bean
        CacheManager caches() {
            return new ConcurrentMapCacheManager();
        }

        @Bean
        PlatformTransactionManager transactions(ObjectLocks locks) {
            return new Transactions(locks);
        }

        @Bean
        TaskExecutor taskExecutor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setCorePoolSize(1);
            executor.setTaskDecorator(new ObjectLockTaskDecorator());
            return executor;
        }
    }
}
