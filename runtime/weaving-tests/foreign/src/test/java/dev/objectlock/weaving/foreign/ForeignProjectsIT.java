package dev.objectlock.weaving.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.aspectj.ObjectLockAspect;
import dev.objectlock.test.ObjectLocksExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Projects of somebody else, outside this build and without its parent, have their locks: they are copied away from
 * here and built by the same Maven, which sees of this build only the jars that it has made.
 */
class ForeignProjectsIT {

    private static final LocalRepository MADE_HERE =
            new LocalRepository(Path.of(System.getProperty("build.directory"), "repository"));

    @BeforeAll
    static void installWhatWasMadeHere() throws IOException {
        MADE_HERE.installPom(
                "dev.objectlock",
                "objectlock-parent",
                System.getProperty("objectlock.version"),
                Path.of("../../../pom.xml"));
        for (Class<?> one :
                List.of(ObjectLock.class, ObjectLocks.class, ObjectLockAspect.class, ObjectLocksExtension.class)) {
            MADE_HERE.install(one);
        }
    }

    @ParameterizedTest
    @CsvSource({"compile-time-lombok, 1", "load-time, 2"})
    void isBuiltAndItsTestsSeeTheLocks(
            String project, int tests, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path elsewhere) throws Exception {
        copy(Path.of(project), elsewhere);
        Path output = elsewhere.resolve("output.txt");
        Process maven = maven(elsewhere, output).start();
        try {
            assertThat(maven.waitFor(5, TimeUnit.MINUTES)).as("Maven ends").isTrue();
        } finally {
            maven.destroyForcibly();
        }
        assertThat(output).content().contains("Tests run: " + tests + ", Failures: 0, Errors: 0, Skipped: 0");
        assertThat(maven.exitValue()).as(Files.readString(output)).isZero();
    }

    private static ProcessBuilder maven(Path project, Path output) {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("build.maven"), "bin", windows ? "mvn.cmd" : "mvn")
                .toString());
        command.addAll(List.of("-B", "-ntp"));
        if (System.getProperty("build.offline").equals("is true")) {
            command.add("-o");
        }
        Path settings = Path.of(System.getProperty("build.settings").substring("in ".length()));
        if (Files.isRegularFile(settings)) {
            command.addAll(List.of("-s", settings.toString()));
        }
        // What is not found in the first repository, Maven looks for in the second before it fetches it into the first.
        command.add("-Dmaven.repo.local=" + MADE_HERE.root().toAbsolutePath());
        command.add("-Dmaven.repo.local.tail=" + System.getProperty("build.repository"));
        command.add("test");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("build.java"));
        // Else it would take the settings of this build.
        builder.environment().keySet().removeAll(List.of("MAVEN_PROJECTBASEDIR", "MAVEN_BASEDIR"));
        return builder.redirectOutput(output.toFile());
    }

    /** Copies a project without what an earlier build left in it. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path relative = from.relativize(file);
                if (Files.isRegularFile(file) && !relative.startsWith("target")) {
                    Path copy = to.resolve(relative);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }
}
