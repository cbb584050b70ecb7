package dev.objectlock.examples.scoreeditor.midi;

import dev.objectlock.examples.scoreeditor.score.Meter;
import java.util.Arrays;
import java.util.List;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MidiEvent;
import javax.sound.midi.Sequence;
import javax.sound.midi.Track;

/** What concerns all parts. */
record Head(String name, Meter meter, int microsPerQuarter) {

    /** What a file means that says nothing: half a second to a quarter, four of them to a bar. */
    private static final byte[] DEFAULT_TEMPO = {0x07, (byte) 0xA1, 0x20};

    private static final byte[] DEFAULT_SIGNATURE = {4, 2};

    static Head of(Sequence sequence) throws InvalidMidiDataException {
        byte[] tempo = constant(sequence, Meta.TEMPO, "tempo", DEFAULT_TEMPO);
        byte[] signature = constant(sequence, Meta.TIME_SIGNATURE, "time signature", DEFAULT_SIGNATURE);
        Meter meter = new Meter(sequence.getResolution(), signature[0], 1 << signature[1]);
        int micros = (tempo[0] & 0xFF) << 16 | (tempo[1] & 0xFF) << 8 | tempo[2] & 0xFF;
        return new Head(nameOf(sequence.getTracks()), meter, micros);
    }

    private static String nameOf(Track[] tracks) {
        String name = tracks.length == 0
                ? ""
                : Meta.in(tracks[0], Meta.NAME).map(Meta::text).findFirst().orElse("");
        return name.isBlank() ? "untitled" : name.strip();
    }

    /** What the events of a type say, as many bytes as the default has; it may stand in any track, and must not change. */
    private static byte[] constant(Sequence sequence, int type, String what, byte[] byDefault)
            throws InvalidMidiDataException {
        List<MidiEvent> events = Arrays.stream(sequence.getTracks())
                .flatMap(track -> Meta.in(track, type))
                .toList();
        byte[] found = byDefault;
        for (MidiEvent event : events) {
            byte[] said = Arrays.copyOf(Meta.data(event), byDefault.length);
            if (event.getTick() > 0 && !Arrays.equals(said, found)) {
                throw new InvalidMidiDataException("the " + what + " changes at tick " + event.getTick()
                        + "; a score here has one from the beginning to the end");
            }
            found = said;
        }
        return found;
    }
}
