package dev.objectlock.spring.boot;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Class loaders of other applications, and calls of static methods in there. */
public final class OwnClassPath {

    private OwnClassPath() {}

    /** Everything anew, but for the jars whose names begin in one of these ways. */
    public static URLClassLoader without(String... jars) {
        List<String> left = Arrays.stream(classPath())
                .filter(entry -> Arrays.stream(jars)
                        .noneMatch(
                                jar -> Path.of(entry).getFileName().toString().startsWith(jar)))
                .toList();
        return new URLClassLoader(
                "without " + String.join(", ", jars), urls(left), ClassLoader.getPlatformClassLoader());
    }

    /** Everything anew, with further directories in front. */
    public static URLClassLoader with(Path... directories) {
        List<String> entries = new ArrayList<>();
        for (Path directory : directories) {
            entries.add(directory.toString());
        }
        entries.addAll(List.of(classPath()));
        return new URLClassLoader("with more", urls(entries), ClassLoader.getPlatformClassLoader());
    }

    /** The classes of one package anew, as a restart does it; the libraries are shared. */
    public static URLClassLoader restarting(String packageName) {
        return new URLClassLoader(
                "restarting " + packageName, urls(List.of(classPath())), OwnClassPath.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (!name.startsWith(packageName)) {
                    return super.loadClass(name, resolve);
                }
                synchronized (getClassLoadingLock(name)) {
                    Class<?> known = findLoadedClass(name);
                    return known != null ? known : findClass(name);
                }
            }
        };
    }

    public static Object call(ClassLoader loader, String className, String method) throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return Class.forName(className, true, loader).getMethod(method).invoke(null);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String[] classPath() {
        return System.getProperty("java.class.path").split(File.pathSeparator);
    }

    private static URL[] urls(List<String> entries) {
        return entries.stream().map(OwnClassPath::url).toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }
}
