package dev.objectlock.spring.boot.app.plain;

import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.engine.Engines;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigUtils;

/** Knows nothing of tests, so that it runs on any class path with the starter. */
@SpringBootApplication
public class PlainApplication {

    private static ConfigurableApplicationContext running;

    public static ConfigurableApplicationContext start(String... args) {
        SpringApplication application = new SpringApplication(PlainApplication.class);
        application.setMainApplicationClass(PlainApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        // It would keep the class loader of whoever starts first.
        application.setRegisterShutdownHook(false);
        return application.run(args);
    }

    public static void main(String[] args) {
        start(args);
    }

    /** Starts, stops, starts again, and returns whether the second engine is the only one that is installed. */
    public static boolean isRestartedAlone() {
        start().close();
        try (ConfigurableApplicationContext context = start()) {
            return Engines.current() == context.getBean(ObjectLocks.class);
        }
    }

    public static void leaveRunning() {
        running = start();
    }

    public static void stop() {
        running.close();
    }

    /** As {@link #mostAtOnce()}, where the context was prepared and no configuration class is read any more. */
    public static int mostAtOnceAheadOfTime() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            if (context.containsBean(AnnotationConfigUtils.CONFIGURATION_ANNOTATION_PROCESSOR_BEAN_NAME)) {
                throw new IllegalStateException("this context was not prepared ahead of time");
            }
            return mostAtOnce(context);
        }
    }

    /** Starts, lets a second thread come to the gate while the first is in there, stops, and returns how many were in there. */
    public static int mostAtOnce() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            return mostAtOnce(context);
        }
    }

    public static int mostAtOnce(ConfigurableApplicationContext context) throws Exception {
        Gate gate = context.getBean(Gate.class);
        ObjectLocks locks = context.getBean(ObjectLocks.class);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread first = new Thread(() -> gate.pass("7", () -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            entered.countDown();
            await(leave);
            inside.decrementAndGet();
        }));
        Thread second = new Thread(() -> gate.pass("7", () -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inside.decrementAndGet();
        }));
        first.start();
        await(entered);
        second.start();
        while (second.isAlive() && locks.status(LockPath.of("gate:7")).waiters().isEmpty()) {
            Thread.onSpinWait();
        }
        leave.countDown();
        first.join();
        second.join();
        return most.get();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
