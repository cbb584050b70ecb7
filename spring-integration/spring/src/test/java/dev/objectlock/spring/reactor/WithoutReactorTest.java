package dev.objectlock.spring.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.weave.ResultAdapter;
import dev.objectlock.weave.WovenMethod;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** Where there is no Reactor, nobody notices its adapter. */
class WithoutReactorTest {

    /** Of a type that an adapter is asked about. */
    public static class Value {}

    /** Read without Reactor. */
    public static class Robot {

        @ObjectLock(path = "a", mode = LockMode.MONITOR)
        public Value move() {
            return new Value();
        }
    }

    @Test
    void otherMethodsAreReadAsEver() throws Exception {
        try (URLClassLoader without = loaderWithout("reactor-core")) {
            assertThat(find(without, "reactor.core.publisher.Mono")).isFalse();
            assertThat(find(without, ReactorResults.class.getName())).isTrue();
            Class<?> adapter = without.loadClass(ResultAdapter.class.getName());
            List<?> found = ServiceLoader.load(adapter, without).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
            assertThat(found)
                    .extracting(one -> one.getClass().getName())
                    .containsExactly(ReactorResults.class.getName());
            assertThat(adapter.getMethod("adapts", Class.class).invoke(found.get(0), Object.class))
                    .isEqualTo(false);
            Object read = without.loadClass(WovenMethod.class.getName())
                    .getMethod("read", java.lang.reflect.Method.class, String[].class)
                    .invoke(null, without.loadClass(Robot.class.getName()).getMethod("move"), null);
            assertThat(read.getClass().getMethod("isRestricted").invoke(read)).isEqualTo(true);
        }
    }

    private static boolean find(ClassLoader loader, String name) {
        try {
            loader.loadClass(name);
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    private static URLClassLoader loaderWithout(String jar) throws Exception {
        List<Path> entries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> !entry.getFileName().toString().startsWith(jar))
                .toList();
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = entries.get(i).toUri().toURL();
        }
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }
}
