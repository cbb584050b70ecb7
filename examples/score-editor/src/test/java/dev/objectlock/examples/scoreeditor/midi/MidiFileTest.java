package dev.objectlock.examples.scoreeditor.midi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.examples.scoreeditor.score.Meter;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MetaMessage;
import javax.sound.midi.MidiEvent;
import javax.sound.midi.MidiSystem;
import javax.sound.midi.Sequence;
import javax.sound.midi.ShortMessage;
import javax.sound.midi.Track;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MidiFileTest {

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aScoreComesBackFromItsFileAsItWas(long seed) throws Exception {
        Score score = random(new Random(seed));

        assertSame(written(score), score);
    }

    @Test
    void notesOfOneKeyThatOverlapComeBackEachWithItsOwnEnd() throws Exception {
        Note around = new Note(0, 1000, 60, 90);
        Note inside = new Note(100, 50, 60, 80);
        Note across = new Note(120, 2000, 60, 70);
        Score score =
                score(new Part("melody", 0, 1, List.of(around, inside, across)), new Part("bass", 1, 2, List.of()));

        assertSame(written(score), score);
    }

    @Test
    void aKeyThatIsStruckAgainTheMomentItIsReleasedIsTwoNotes() throws Exception {
        Score score = score(new Part("melody", 0, 1, List.of(new Note(0, 480, 60, 90), new Note(480, 480, 60, 90))));

        assertSame(written(score), score);
    }

    @Test
    void aKeyIsReleasedBeforeItIsStruckAgainSoThatAnyPlayerHearsBoth() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MidiWriter.write(
                score(new Part("melody", 0, 1, List.of(new Note(0, 480, 60, 90), new Note(480, 480, 60, 90)))), out);

        Track track = MidiSystem.getSequence(new ByteArrayInputStream(out.toByteArray()))
                .getTracks()[1];

        assertThat(IntStream.range(0, track.size())
                        .mapToObj(track::get)
                        .filter(event -> event.getTick() == 480)
                        .map(event -> event.getMessage().getStatus()))
                .containsExactly(ShortMessage.NOTE_OFF, ShortMessage.NOTE_ON);
    }

    @Test
    void aTrackOfSeveralChannelsIsAPartForEach() throws Exception {
        Sequence sequence = new Sequence(Sequence.PPQ, 96);
        Track track = sequence.createTrack();
        meta(track, Meta.NAME, 0, "piano".getBytes(UTF_8));
        note(track, 0, 60, 0, 96);
        note(track, 9, 35, 48, 96);

        Score read = read(sequence, 0);

        assertThat(read.notes().keySet()).containsExactly("piano channel 1", "piano channel 10");
        assertThat(read.part("piano channel 10").notes()).containsExactly(new Note(48, 48, 35, 64));
        assertThat(read.meter()).isEqualTo(new Meter(96, 4, 4));
        assertThat(read.microsPerQuarter()).isEqualTo(500_000);
    }

    @Test
    void partsWithOneNameGetNamesOfTheirOwn() throws Exception {
        Sequence sequence = new Sequence(Sequence.PPQ, 96);
        note(sequence.createTrack(), 0, 60, 0, 96);
        note(sequence.createTrack(), 1, 60, 0, 96);

        assertThat(read(sequence, 1).notes().keySet()).containsExactly("part", "part 2");
    }

    @Test
    void aNoteThatIsNeverReleasedEndsWithItsTrack() throws Exception {
        Sequence sequence = new Sequence(Sequence.PPQ, 96);
        Track track = sequence.createTrack();
        note(track, 0, 60, 0, 960);
        track.add(new MidiEvent(new ShortMessage(ShortMessage.NOTE_ON, 0, 72, 64), 100));

        assertThat(read(sequence, 1).part("part").notes())
                .containsExactly(new Note(0, 960, 60, 64), new Note(100, 860, 72, 64));
    }

    @Test
    void anotherTempoOrTimeSignatureOnTheWayIsRefused() throws Exception {
        Sequence tempo = new Sequence(Sequence.PPQ, 96);
        meta(tempo.createTrack(), Meta.TEMPO, 500, new byte[] {1, 2, 3});
        Sequence signature = new Sequence(Sequence.PPQ, 96);
        meta(signature.createTrack(), Meta.TIME_SIGNATURE, 500, new byte[] {3, 2, 24, 8});

        assertThatThrownBy(() -> read(tempo, 1))
                .isInstanceOf(InvalidMidiDataException.class)
                .hasMessage("the tempo changes at tick 500; a score here has one from the beginning to the end");
        assertThatThrownBy(() -> read(signature, 1))
                .isInstanceOf(InvalidMidiDataException.class)
                .hasMessageStartingWith("the time signature changes at tick 500");
    }

    @Test
    void aFileThatIsNotCountedInQuartersOrIsNoMidiFileIsRefused() throws Exception {
        Sequence film = new Sequence(Sequence.SMPTE_25, 40);
        film.createTrack();

        assertThatThrownBy(() -> read(film, 1))
                .isInstanceOf(InvalidMidiDataException.class)
                .hasMessage("the file counts in frames of film, not in quarter notes");
        assertThatThrownBy(() -> MidiReader.read(new ByteArrayInputStream(new byte[100])))
                .isInstanceOf(InvalidMidiDataException.class);
    }

    @Test
    void aTimeSignatureThatIsNoneIsRefused() throws Exception {
        Sequence sequence = new Sequence(Sequence.PPQ, 96);
        meta(sequence.createTrack(), Meta.TIME_SIGNATURE, 0, new byte[] {0, 2, 24, 8});

        assertThatThrownBy(() -> read(sequence, 1))
                .isInstanceOf(InvalidMidiDataException.class)
                .hasMessage("no meter: 0/4 with 96 ticks to a quarter");
    }

    private static Score random(Random random) {
        Meter meter = new Meter(24 << random.nextInt(6), 1 + random.nextInt(12), 1 << random.nextInt(4));
        List<Part> parts = IntStream.rangeClosed(1, 1 + random.nextInt(5))
                .mapToObj(i -> new Part(
                        "part no. " + i,
                        random.nextInt(16),
                        random.nextInt(128),
                        Stream.generate(() -> randomNote(random))
                                .limit(random.nextInt(60))
                                .toList()))
                .toList();
        return new Score("a score", meter, 1 + random.nextInt(0xFFFFFF), parts);
    }

    /** On few keys, close together: so that many overlap, and some are the same. */
    private static Note randomNote(Random random) {
        return new Note(random.nextInt(2000), 1 + random.nextInt(500), 60 + random.nextInt(4), 1 + random.nextInt(127));
    }

    private static Score score(Part... parts) {
        return new Score("a score", new Meter(480, 3, 8), 400_000, List.of(parts));
    }

    private static Score written(Score score) throws IOException, InvalidMidiDataException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MidiWriter.write(score, out);
        return MidiReader.read(new ByteArrayInputStream(out.toByteArray()));
    }

    private static Score read(Sequence sequence, int type) throws IOException, InvalidMidiDataException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MidiSystem.write(sequence, type, out);
        return MidiReader.read(new ByteArrayInputStream(out.toByteArray()));
    }

    private static void meta(Track track, int type, long tick, byte[] data) throws InvalidMidiDataException {
        track.add(new MidiEvent(new MetaMessage(type, data, data.length), tick));
    }

    /** Ends as most files do it: with a velocity of 0. */
    private static void note(Track track, int channel, int key, long from, long to) throws InvalidMidiDataException {
        track.add(new MidiEvent(new ShortMessage(ShortMessage.NOTE_ON, channel, key, 64), from));
        track.add(new MidiEvent(new ShortMessage(ShortMessage.NOTE_ON, channel, key, 0), to));
    }

    private static void assertSame(Score found, Score expected) {
        assertThat(found.name()).isEqualTo(expected.name());
        assertThat(found.meter()).isEqualTo(expected.meter());
        assertThat(found.microsPerQuarter()).isEqualTo(expected.microsPerQuarter());
        assertThat(found.notes()).isEqualTo(expected.notes());
        assertThat(found.parts()).extracting(Part::channel).isEqualTo(channels(expected));
        assertThat(found.parts()).extracting(Part::program).isEqualTo(programs(expected));
    }

    private static List<Integer> channels(Score score) {
        return score.parts().stream().map(Part::channel).toList();
    }

    private static List<Integer> programs(Score score) {
        return score.parts().stream().map(Part::program).toList();
    }
}
