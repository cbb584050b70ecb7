package dev.objectlock.examples.scoreeditor;

import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.scoreeditor.edit.PartEditor;
import dev.objectlock.examples.scoreeditor.edit.PartStates;
import dev.objectlock.examples.scoreeditor.midi.MidiReader;
import dev.objectlock.examples.scoreeditor.midi.MidiWriter;
import dev.objectlock.examples.scoreeditor.play.Play;
import dev.objectlock.examples.scoreeditor.play.Timeline;
import dev.objectlock.examples.scoreeditor.score.Score;
import dev.objectlock.examples.scoreeditor.score.Scores;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sound.midi.InvalidMidiDataException;

/** Several editors on one score: prints what happened, and writes what has become of it. */
public final class ScoreEditor {

    private static final String TUNE = "ode-to-joy.mid";
    private static final Path RESULT = Path.of("target", "ode-to-joy-edited.mid");

    /** By itself 10 s. Nobody wants to look at a stalled editor for that long. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    private ScoreEditor() {}

    /**
     * Runs the example.
     *
     * @param args nothing, or the MIDI file to write
     */
    public static void main(String[] args) throws IOException, InvalidMidiDataException {
        if (args.length > 1) {
            System.err.println("usage: ScoreEditor [FILE]");
            System.exit(2);
        }
        run(args.length == 0 ? RESULT : Path.of(args[0]), System.out);
    }

    /** Plays the example on the tune, and writes the result. */
    static void run(Path result, PrintStream out) throws IOException, InvalidMidiDataException {
        Score score = tune();
        play(score, new Timeline(out));
        Path file = result.toAbsolutePath();
        Files.createDirectories(file.getParent());
        try (OutputStream written = Files.newOutputStream(file)) {
            MidiWriter.write(score, written);
        }
        out.println("The edited score is in " + file);
    }

    static void play(Score score, Timeline timeline) {
        Scores scores = new Scores(List.of(score));
        try (ObjectLocks locks = ObjectLocks.builder().transactionIdle(IDLE).build()) {
            locks.transactions().participant(PartStates.PATTERN, new PartStates(scores));
            try (Play play = new Play(locks, new PartEditor(locks, scores), score, timeline)) {
                play.play();
            }
        }
    }

    /** The tune as it is in the jar. */
    static Score tune() throws IOException, InvalidMidiDataException {
        try (InputStream in = ScoreEditor.class.getResourceAsStream(TUNE)) {
            if (in == null) {
                throw new IOException("there is no resource " + TUNE);
            }
            return MidiReader.read(in);
        }
    }
}
