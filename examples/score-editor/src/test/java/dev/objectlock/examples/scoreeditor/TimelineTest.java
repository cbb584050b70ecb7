package dev.objectlock.examples.scoreeditor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.scoreeditor.edit.Progress;
import dev.objectlock.examples.scoreeditor.midi.MidiReader;
import dev.objectlock.examples.scoreeditor.score.Bars;
import dev.objectlock.examples.scoreeditor.score.Score;
import dev.objectlock.test.ObjectLocksExtension;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole example, as main runs it: with threads and time as they are. */
@Timeout(120)
class TimelineTest {

    /** With times masked. After a change of the play, look at what the failing test prints and put it there. */
    private static final String GOLDEN = "timeline.txt";

    @TempDir
    private Path folder;

    private Path result;
    private String printed;

    @BeforeEach
    void run() throws Exception {
        result = folder.resolve("made").resolve("edited.mid");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ScoreEditor.run(result, new PrintStream(out, true, UTF_8));
        printed = out.toString(UTF_8);
    }

    @Test
    void theTimelineComesOutTheSameEachTime() throws Exception {
        try (InputStream golden = TimelineTest.class.getResourceAsStream(GOLDEN)) {
            List<String> expected =
                    new String(golden.readAllBytes(), UTF_8).lines().toList();
            assertThat(masked(printed).lines()).containsExactlyElementsOf(expected);
        }
    }

    @Test
    @ExtendWith(ObjectLocksExtension.class)
    void theWrittenFileHasWhatTheEditsMakeThatWereNotUndone(ObjectLocks locks) throws Exception {
        Desk desk = new Desk(locks);
        desk.editor.transpose(desk.name(), "melody", Bars.of(9, 12), -12, Progress.NONE);
        desk.editor.transpose(desk.name(), "melody", Bars.of(1, 4), 12, Progress.NONE);
        desk.editor.quantise(desk.name(), "alto", Bars.of(1, 16), 8, Progress.NONE);
        desk.editor.transpose(desk.name(), "alto", Bars.of(1, 4), 12, Progress.NONE);
        desk.editor.cutInAllParts(desk.name(), Bars.of(5, 8), Progress.NONE);
        desk.editor.transpose(desk.name(), "tenor", Bars.of(2, 3), 12, Progress.NONE);

        Score written = MidiReader.read(Files.newInputStream(result));

        assertThat(written.notes()).isEqualTo(desk.score.notes()).isNotEqualTo(desk.original);
        assertThat(written.lastBar()).isEqualTo(12);
    }

    private String masked(String text) {
        return text.replaceAll("\\d\\d:\\d\\d\\.\\d{3}", "mm:ss.SSS")
                .replaceAll("\\d+\\.\\d s|\\d+ ms", "n s")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "yyyy-mm-ddThh:mm:ssZ")
                .replace(result.toString(), "FILE");
    }
}
