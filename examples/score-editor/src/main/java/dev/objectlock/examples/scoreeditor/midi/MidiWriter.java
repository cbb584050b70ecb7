package dev.objectlock.examples.scoreeditor.midi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.objectlock.examples.scoreeditor.score.Meter;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MetaMessage;
import javax.sound.midi.MidiEvent;
import javax.sound.midi.MidiMessage;
import javax.sound.midi.MidiSystem;
import javax.sound.midi.Sequence;
import javax.sound.midi.ShortMessage;
import javax.sound.midi.Track;

/** Writes a score as a MIDI file of type 1: a track with what concerns all, then the parts, such that reading it gives the same. */
public final class MidiWriter {

    private static final int SEVERAL_TRACKS = 1;
    private static final int CLOCKS_PER_CLICK = 24;
    private static final int THIRTYSECONDS_PER_QUARTER = 8;

    /** Ends come first: a key that is struck again is released before. */
    private static final Comparator<MidiEvent> ORDER = Comparator.comparingLong(MidiEvent::getTick)
            .thenComparingInt(event -> event.getMessage().getStatus() & 0xF0);

    private MidiWriter() {}

    public static void write(Score score, OutputStream out) throws IOException, InvalidMidiDataException {
        Sequence sequence = new Sequence(Sequence.PPQ, score.meter().ticksPerQuarter());
        writeHead(score, sequence.createTrack());
        for (Part part : score.parts()) {
            writePart(part, sequence);
        }
        MidiSystem.write(sequence, SEVERAL_TRACKS, out);
    }

    private static void writeHead(Score score, Track track) throws InvalidMidiDataException {
        Meter meter = score.meter();
        int micros = score.microsPerQuarter();
        begin(track, Meta.NAME, score.name().getBytes(UTF_8));
        begin(track, Meta.TEMPO, new byte[] {(byte) (micros >> 16), (byte) (micros >> 8), (byte) micros});
        begin(track, Meta.TIME_SIGNATURE, new byte[] {
            (byte) meter.beats(),
            (byte) Integer.numberOfTrailingZeros(meter.unit()),
            CLOCKS_PER_CLICK,
            THIRTYSECONDS_PER_QUARTER
        });
    }

    private static void writePart(Part part, Sequence sequence) throws InvalidMidiDataException {
        List<List<Note>> layers = Layer.split(part.notes());
        for (int i = 0; i < layers.size(); i++) {
            Track track = sequence.createTrack();
            if (i == 0) {
                begin(track, Meta.NAME, part.name().getBytes(UTF_8));
                track.add(new MidiEvent(
                        new ShortMessage(ShortMessage.PROGRAM_CHANGE, part.channel(), part.program(), 0), 0));
            } else {
                begin(track, Meta.TEXT, Meta.CONTINUED.getBytes(UTF_8));
            }
            writeNotes(layers.get(i), part.channel(), track);
        }
    }

    private static void writeNotes(List<Note> notes, int channel, Track track) throws InvalidMidiDataException {
        List<MidiEvent> events = new ArrayList<>();
        for (Note note : notes) {
            events.add(new MidiEvent(
                    new ShortMessage(ShortMessage.NOTE_ON, channel, note.key(), note.velocity()), note.tick()));
            events.add(new MidiEvent(new ShortMessage(ShortMessage.NOTE_OFF, channel, note.key(), 0), note.end()));
        }
        events.sort(ORDER);
        events.forEach(track::add);
    }

    private static void begin(Track track, int type, byte[] data) throws InvalidMidiDataException {
        MidiMessage message = new MetaMessage(type, data, data.length);
        track.add(new MidiEvent(message, 0));
    }
}
