package dev.objectlock.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTemplateTest {

    @Test
    void readsTextAndPlaceholders() {
        PathTemplate template = PathTemplate.parse("cell:{cell}/robot/{arm.name}-{x}".replace("-{x}", ""));
        assertThat(template.segments())
                .containsExactly(
                        new PathTemplate.Segment("cell:", new Placeholder("cell", List.of()), ""),
                        new PathTemplate.Segment("robot", null, ""),
                        new PathTemplate.Segment("", new Placeholder("arm", List.of("name")), ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ''              | must not be empty
            /a              | empty segment
            a/              | empty segment
            a//b            | empty segment
            a/{x            | brace
            a}/b            | brace
            {a}{b}          | two placeholders
            {a}-{b}/c       | two placeholders
            {}              | is not a placeholder
            {a..b}          | is not a placeholder
            {1a}            | is not a placeholder
            {a b}           | is not a placeholder
            50%             | kept for escapes
            """)
    void saysWhatIsWrong(String text, String words) {
        assertThatThrownBy(() -> PathTemplate.parse(text))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(words);
    }

    @Test
    void refusesMoreThan32Segments() {
        assertThat(PathTemplate.parse("a/".repeat(31) + "a").segments()).hasSize(32);
        assertThatThrownBy(() -> PathTemplate.parse("a/".repeat(32) + "a")).hasMessageContaining("33 segments");
    }

    @Test
    void warnsOfOneTreeForACollectionAndSaysTheBetterSpelling() {
        assertThat(PathTemplate.parse("drafts/{uid}").warning())
                .hasValueSatisfying(warning -> assertThat(warning).contains("\"draft:{uid}\""));
        assertThat(PathTemplate.parse("cells/{cell}/robot").warning())
                .hasValueSatisfying(warning -> assertThat(warning).contains("\"cell:{cell}/robot\""));
        assertThat(PathTemplate.parse("cell:{cell}/{part}").warning()).isEmpty();
        assertThat(PathTemplate.parse("settings/printer").warning()).isEmpty();
    }

    @Test
    void aSkipConditionIsExactlyOnePlaceholder() {
        assertThat(Placeholder.parseOnly("{request.dryRun}", "skipIf", "a boolean"))
                .isEqualTo(new Placeholder("request", List.of("dryRun")));
        for (String wrong : List.of("dryRun", "{dryRun", "!{dryRun}", "{a}{b}", "{}")) {
            assertThatThrownBy(() -> Placeholder.parseOnly(wrong, "skipIf", "a boolean"))
                    .isInstanceOf(GrammarException.class);
        }
    }
}
