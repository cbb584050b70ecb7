package dev.objectlock.examples.scoreeditor.midi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TuneTest {

    private static final String RESOURCE = "/dev/objectlock/examples/scoreeditor/ode-to-joy.mid";

    @Test
    void theFileInTheJarIsTheTuneThatWasWrittenHere() throws Exception {
        Score written = OdeToJoy.score();
        Path made = Path.of("target", "ode-to-joy.mid");
        Files.createDirectories(made.getParent());
        try (OutputStream out = Files.newOutputStream(made)) {
            MidiWriter.write(written, out);
        }

        Score found = inTheJar();

        assertThat(found.notes())
                .as("the notes; if the tune was changed, copy %s to src/main/resources%s", made, RESOURCE)
                .isEqualTo(written.notes());
        assertThat(found.name()).isEqualTo(written.name());
        assertThat(found.meter()).isEqualTo(written.meter());
        assertThat(found.microsPerQuarter()).isEqualTo(written.microsPerQuarter());
        assertThat(found.parts()).extracting(Part::channel).containsExactly(0, 1, 2, 3);
        assertThat(found.parts()).extracting(Part::program).containsExactly(68, 41, 42, 43);
    }

    private static Score inTheJar() throws Exception {
        try (InputStream in = TuneTest.class.getResourceAsStream(RESOURCE)) {
            return MidiReader.read(in);
        }
    }
}
