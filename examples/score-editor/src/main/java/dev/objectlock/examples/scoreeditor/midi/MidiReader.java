package dev.objectlock.examples.scoreeditor.midi;

import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MidiSystem;
import javax.sound.midi.Sequence;
import javax.sound.midi.Track;

/**
 * Reads a score from a MIDI file: each track is a part, or each of its channels if it has several. Controllers, lyrics and whatever
 * else a score does not know are left out; what would make its bars wrong is refused.
 */
public final class MidiReader {

    private final List<Part> parts = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private MidiReader() {}

    /**
     * Reads a score.
     *
     * @param in a MIDI file
     * @return the score
     * @throws InvalidMidiDataException if it is none, or does not count in bars of one length and in one tempo
     */
    public static Score read(InputStream in) throws IOException, InvalidMidiDataException {
        // The library looks at the beginning and goes back.
        Sequence sequence = MidiSystem.getSequence(new BufferedInputStream(in));
        if (sequence.getDivisionType() != Sequence.PPQ) {
            throw new InvalidMidiDataException("the file counts in frames of film, not in quarter notes");
        }
        try {
            Head head = Head.of(sequence);
            MidiReader reader = new MidiReader();
            for (Track track : sequence.getTracks()) {
                reader.add(TrackContent.read(track));
            }
            return new Score(head.name(), head.meter(), head.microsPerQuarter(), reader.parts);
        } catch (IllegalArgumentException impossible) {
            throw (InvalidMidiDataException)
                    new InvalidMidiDataException(impossible.getMessage()).initCause(impossible);
        }
    }

    private void add(TrackContent track) {
        if (track.isContinuation() && !parts.isEmpty()) {
            Part before = parts.remove(parts.size() - 1);
            List<Note> more = track.voices().values().stream()
                    .flatMap(voice -> voice.notes().stream())
                    .toList();
            parts.add(new Part(
                    before.name(),
                    before.channel(),
                    before.program(),
                    Stream.concat(before.notes().stream(), more.stream()).toList()));
            return;
        }
        track.voices().forEach((channel, voice) -> {
            String wanted = track.voices().size() == 1 ? track.name() : track.name() + " channel " + (channel + 1);
            parts.add(new Part(unused(wanted.strip()), channel, voice.program(), voice.notes()));
        });
    }

    /** Parts are found by their names, so each gets another. */
    private String unused(String wanted) {
        String first = wanted.isEmpty() ? "part" : wanted;
        String name = first;
        for (int i = 2; !names.add(name); i++) {
            name = first + " " + i;
        }
        return name;
    }
}
