package dev.objectlock.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTemplateTest {

    @Test
    void textAndAnyNumberOfPlaceholders() {
        assertThat(TextTemplate.parse("Transpose {part.name} by {n}{unit}!", "name")
                        .pieces())
                .containsExactly(
                        new TextTemplate.Fixed("Transpose "),
                        new TextTemplate.Open(new Placeholder("part", List.of("name"))),
                        new TextTemplate.Fixed(" by "),
                        new TextTemplate.Open(new Placeholder("n", List.of())),
                        new TextTemplate.Open(new Placeholder("unit", List.of())),
                        new TextTemplate.Fixed("!"));
        assertThat(TextTemplate.parse("Cut", "name").pieces()).containsExactly(new TextTemplate.Fixed("Cut"));
        assertThat(TextTemplate.parse("{n}", "name")).hasToString("{n}");
    }

    @Test
    void whatIsNoTemplateIsNamed() {
        for (String wrong : List.of("", " ", "a}", "{a", "a {b {c}", "{}", "{a b}", "{a.}", "{1}", "}{")) {
            assertThatThrownBy(() -> TextTemplate.parse(wrong, "name"))
                    .as(wrong)
                    .isInstanceOf(GrammarException.class)
                    .hasMessageContaining(wrong.isBlank() ? "name" : wrong);
        }
    }
}
