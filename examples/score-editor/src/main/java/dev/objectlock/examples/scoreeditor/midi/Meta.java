package dev.objectlock.examples.scoreeditor.midi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sound.midi.MetaMessage;
import javax.sound.midi.MidiEvent;
import javax.sound.midi.Track;

/** The meta events of MIDI files that are used here. */
final class Meta {

    static final int TEXT = 0x01;
    static final int NAME = 0x03;
    static final int TEMPO = 0x51;
    static final int TIME_SIGNATURE = 0x58;

    /** The text by which a track says that its notes belong to the part of the track before. */
    static final String CONTINUED = "continues the track before";

    private Meta() {}

    static Stream<MidiEvent> in(Track track, int type) {
        return IntStream.range(0, track.size())
                .mapToObj(track::get)
                .filter(event -> event.getMessage() instanceof MetaMessage meta && meta.getType() == type);
    }

    static byte[] data(MidiEvent event) {
        return ((MetaMessage) event.getMessage()).getData();
    }

    static String text(MidiEvent event) {
        return new String(data(event), UTF_8);
    }
}
