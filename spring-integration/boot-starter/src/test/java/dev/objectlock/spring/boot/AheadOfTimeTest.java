package dev.objectlock.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.spring.boot.app.plain.PlainApplication;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

/** An application that was prepared by {@code process-aot} locks as the others do. */
@Tag("own-class-path")
class AheadOfTimeTest {

    @TempDir
    private Path out;

    @Test
    void anApplicationPreparedAheadOfTimeLocks() throws Exception {
        Path sources = Files.createDirectories(out.resolve("sources"));
        Path resources = Files.createDirectories(out.resolve("resources"));
        Path classes = Files.createDirectories(out.resolve("classes"));
        Settings settings = Settings.builder()
                .sourceOutput(sources)
                .resourceOutput(resources)
                .classOutput(classes)
                .groupId("dev.objectlock")
                .artifactId("plain")
                .build();
        new SpringApplicationAotProcessor(PlainApplication.class, settings, new String[0]).process();
        compile(sources, classes);

        System.setProperty("spring.aot.enabled", "true");
        try (URLClassLoader loader = OwnClassPath.with(classes, resources)) {
            assertThat(OwnClassPath.call(loader, PlainApplication.class.getName(), "mostAtOnceAheadOfTime"))
                    .isEqualTo(1);
        } finally {
            System.clearProperty("spring.aot.enabled");
        }
    }

    private static void compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-nowarn",
                "-parameters",
                "-d",
                classes.toString(),
                "-cp",
                classes + java.io.File.pathSeparator + System.getProperty("java.class.path")));
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> arguments.add(file.toString()));
        }
        assertThat(compiler.run(null, null, null, arguments.toArray(new String[0])))
                .isZero();
    }
}
