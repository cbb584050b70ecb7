package dev.objectlock.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.objectlock.spring.boot.app.plain.PlainApplication;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left of an application that was closed, as a restart in the same JVM closes it. */
@Tag("own-class-path")
class RestartTest {

    private static final String APPLICATION = PlainApplication.class.getName();

    /** The thread of the clock goes when it has had nothing to do for ten seconds. */
    private static final Duration GONE = Duration.ofSeconds(30);

    @Test
    void theNextEngineIsTheOnlyOne() throws Exception {
        try (URLClassLoader loader = OwnClassPath.without()) {
            assertThat(OwnClassPath.call(loader, APPLICATION, "isRestartedAlone"))
                    .isEqualTo(true);
        }
    }

    @Test
    void noThreadOfOursIsLeft() throws Exception {
        Set<Thread> before = threadsOfOurs();
        try (URLClassLoader loader = OwnClassPath.without()) {
            assertThat(OwnClassPath.call(loader, APPLICATION, "mostAtOnce")).isEqualTo(1);
        }

        await().atMost(GONE).untilAsserted(() -> assertThat(threadsOfOurs()).isSubsetOf(before));
    }

    @Test
    void nothingKeepsTheClassesOfTheApplication() throws Exception {
        // Libraries are loaded once, and some keep the stack of whoever came first (CGLIB, in a static exception).
        PlainApplication.mostAtOnce();
        ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
        WeakReference<ClassLoader> loader = runAndForget(collected, "mostAtOnce");

        assertThat(isCollected(collected))
                .as("%s is kept (the JVM needs -XX:SoftRefLRUPolicyMSPerMB=0)", loader.get())
                .isTrue();
    }

    @Test
    void anApplicationThatRunsKeepsItsClasses() throws Exception {
        ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
        WeakReference<ClassLoader> loader = runAndForget(collected, "leaveRunning");
        System.gc();

        assertThat(loader.get()).isNotNull();
        OwnClassPath.call(loader.get(), APPLICATION, "stop");
    }

    /** On a thread of its own, whose stack and locals are gone afterwards. */
    private static WeakReference<ClassLoader> runAndForget(ReferenceQueue<ClassLoader> collected, String method)
            throws Exception {
        @SuppressWarnings({"unchecked", "rawtypes"})
        WeakReference<ClassLoader>[] reference = new WeakReference[1];
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(
                () -> {
                    try (URLClassLoader loader = OwnClassPath.restarting(PlainApplication.class.getPackageName())) {
                        OwnClassPath.call(loader, APPLICATION, method);
                        reference[0] = new WeakReference<>(loader, collected);
                    } catch (Exception failed) {
                        failure[0] = failed;
                    }
                },
                "restart");
        thread.start();
        thread.join();
        assertThat(failure[0]).isNull();
        return reference[0];
    }

    private static boolean isCollected(ReferenceQueue<ClassLoader> collected) throws InterruptedException {
        long deadline = System.nanoTime() + GONE.toNanos();
        while (System.nanoTime() < deadline) {
            System.gc();
            if (collected.remove(200) != null) {
                return true;
            }
        }
        return false;
    }

    private static Set<Thread> threadsOfOurs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("objectlock"))
                .collect(Collectors.toSet());
    }
}
