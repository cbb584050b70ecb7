package dev.objectlock.weaving.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docs/weaving.md} shows is what the foreign projects are built with. */
class WeavingPageTest {

    private static final Path PAGE = Path.of("../../../docs/weaving.md");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compile-time-lombok/pom.xml",
                "load-time/pom.xml",
                "load-time/src/main/resources/META-INF/aop.xml"
            })
    void showsTheFileAsItIs(String file) throws IOException {
        String block = "```xml\n" + Files.readString(Path.of(file)) + "```\n";
        assertThat(Files.readString(PAGE).contains(block))
                .as("%s has %s word for word:%n%s", PAGE, file, block)
                .isTrue();
    }

    @Test
    void showsNoOtherFiles() throws IOException {
        assertThat(Files.readString(PAGE).lines().filter("```xml"::equals)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aspectj", "junit", "lombok", "objectlock"})
    void showsTheVersionsOfThisBuild(String of) throws IOException {
        String version = System.getProperty(of + ".version");
        assertThat(Pattern.compile("<" + of + "\\.version>([^<]*)<")
                        .matcher(Files.readString(PAGE))
                        .results()
                        .map((MatchResult found) -> found.group(1)))
                .isNotEmpty()
                .containsOnly(version);
    }
}
