package dev.objectlock.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.LockConfigurationException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of parameters come from the class file, else from the weaver, else the error says which flag is missing. */
class ParameterNamesTest {

    private static final String SOURCE =
            """
            import dev.objectlock.annotation.*;
            public class Cells {
                @ObjectLock(path = "cell:{cell}", mode = LockMode.USER)
                public void move(String cell) {}
            }
            """;

    @TempDir
    Path folder;

    private Method compiled(String... flags) throws IOException, ReflectiveOperationException {
        Path source = Files.writeString(folder.resolve("Cells.java"), SOURCE);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = new java.util.ArrayList<>(List.of(flags));
        options.addAll(
                List.of("-d", folder.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path")));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(done).isTrue();
        }
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            return loader.loadClass("Cells").getMethod("move", String.class);
        }
    }

    @Test
    void theClassFileKeepsThemWithTheFlagParameters() throws Exception {
        assertThat(WovenMethod.read(compiled("-parameters"), null).claims(this, new Object[] {"7"}))
                .singleElement()
                .satisfies(claim -> assertThat(claim.path()).hasToString("cell:7"));
        assertThat(WovenMethod.read(compiled("-parameters"), new String[] {"arg0"})
                        .claims(this, new Object[] {"7"}))
                .hasSize(1);
    }

    @Test
    void elseTheWeaverKnowsThem() throws Exception {
        assertThat(WovenMethod.read(compiled("-g"), new String[] {"cell"}).claims(this, new Object[] {"7"}))
                .hasSize(1);
    }

    @Test
    void elseTheErrorNamesTheFlag() throws Exception {
        for (String[] names : new String[][] {null, {"arg0"}}) {
            Method method = compiled("-g:none");
            assertThatThrownBy(() -> WovenMethod.read(method, names))
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll("Cells.move(String)", "{cell}", "-parameters");
        }
    }
}
