package dev.objectlock.examples.scoreeditor.midi;

import java.util.SortedMap;
import java.util.TreeMap;
import javax.sound.midi.MidiEvent;
import javax.sound.midi.ShortMessage;
import javax.sound.midi.Track;

/**
 * A track, read.
 *
 * @param name its name; perhaps empty
 * @param isContinuation whether its notes belong to the part of the track before
 * @param voices what it says, by channel
 */
record TrackContent(String name, boolean isContinuation, SortedMap<Integer, Voice> voices) {

    static TrackContent read(Track track) {
        SortedMap<Integer, Voice> voices = new TreeMap<>();
        for (int i = 0; i < track.size(); i++) {
            MidiEvent event = track.get(i);
            if (event.getMessage() instanceof ShortMessage message) {
                read(message, event.getTick(), voices);
            }
        }
        voices.values().forEach(voice -> voice.endAll(track.ticks()));
        return new TrackContent(
                Meta.in(track, Meta.NAME).map(Meta::text).findFirst().orElse("").strip(),
                Meta.in(track, Meta.TEXT).map(Meta::text).anyMatch(Meta.CONTINUED::equals),
                voices);
    }

    private static void read(ShortMessage message, long tick, SortedMap<Integer, Voice> voices) {
        int key = message.getData1();
        int velocity = message.getData2();
        switch (message.getCommand()) {
            case ShortMessage.PROGRAM_CHANGE -> voice(message, voices).program(key);
            case ShortMessage.NOTE_OFF -> voice(message, voices).end(key, tick);
            case ShortMessage.NOTE_ON -> {
                if (velocity == 0) {
                    voice(message, voices).end(key, tick);
                } else {
                    voice(message, voices).begin(key, tick, velocity);
                }
            }
            default -> {
                // Controllers and the like: a score does not know them.
            }
        }
    }

    private static Voice voice(ShortMessage message, SortedMap<Integer, Voice> voices) {
        return voices.computeIfAbsent(message.getChannel(), any -> new Voice());
    }
}
