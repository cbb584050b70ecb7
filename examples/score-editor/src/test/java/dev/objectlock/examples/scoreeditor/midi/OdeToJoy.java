package dev.objectlock.examples.scoreeditor.midi;

import dev.objectlock.examples.scoreeditor.score.Meter;
import dev.objectlock.examples.scoreeditor.score.Note;
import dev.objectlock.examples.scoreeditor.score.Part;
import dev.objectlock.examples.scoreeditor.score.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The tune of the example: the Ode to Joy from the last movement of Beethoven's ninth symphony, of 1824, in four parts that were set
 * for this project. The melody's F sharp in bar 12 comes a beat early and sounds into bar 13, as he wrote it. The alto is as if
 * played by hand: each note is struck a little late and released early, so that there is something to quantise.
 */
final class OdeToJoy {

    private static final Meter METER = new Meter(480, 4, 4);
    private static final long EIGHTH = METER.ticksOf(8);
    private static final int BARS = 16;
    private static final int MICROS_PER_QUARTER = 500_000;
    private static final Map<Character, Integer> KEYS = Map.of('C', 0, 'D', 2, 'E', 4, 'F', 5, 'G', 7, 'A', 9, 'B', 11);

    /** How late the hand is, in ticks: the first note by the first of these, and so on, over and over. */
    private static final int[] LATE = {0, 11, 25, 7, 18};

    private static final long RELEASED_EARLY = 30;

    /** A note is its name, its octave and, after a colon, how many eighths it lasts: two unless it is said. */
    private static final String MELODY =
            """
            F#4 F#4 G4 A4 | A4 G4 F#4 E4 | D4 D4 E4 F#4 | F#4:3 E4:1 E4:4
            F#4 F#4 G4 A4 | A4 G4 F#4 E4 | D4 D4 E4 F#4 | E4:3 D4:1 D4:4
            E4 E4 F#4 D4 | E4 F#4:1 G4:1 F#4 D4 | E4 F#4:1 G4:1 F#4 E4 | D4 E4 A3 F#4:4
            F#4 G4 A4 | A4 G4 F#4 E4 | D4 D4 E4 F#4 | E4:3 D4:1 D4:4
            """;

    private static final String ALTO =
            """
            D4 D4 E4 F#4 | F#4 E4 D4 C#4 | A3 B3 C#4 D4 | D4:3 C#4:1 C#4:4
            D4 D4 E4 F#4 | F#4 E4 D4 C#4 | A3 B3 C#4 D4 | C#4:3 A3:1 A3:4
            C#4 C#4 D4 A3 | C#4 D4:1 E4:1 D4 A3 | C#4 C#4 D4 C#4 | B3 B3 A3 D4
            D4 D4 E4 F#4 | F#4 E4 D4 C#4 | A3 B3 C#4 D4 | C#4:3 A3:1 A3:4
            """;

    private static final String TENOR =
            """
            A3 A3 A3 A3 | A3 A3 A3 A3 | F#3 G3 A3 A3 | A3:3 A3:1 A3:4
            A3 A3 A3 A3 | A3 A3 A3 A3 | F#3 G3 A3 A3 | G3:3 F#3:1 F#3:4
            A3 A3 A3 F#3 | A3 A3 A3 F#3 | A3 A3 A3 A3 | G3 G#3 E3 A3
            A3 A3 A3 A3 | A3 A3 A3 A3 | F#3 G3 A3 A3 | G3:3 F#3:1 F#3:4
            """;

    private static final String BASS =
            """
            D3 D3 C#3 D3 | D3 C#3 D3 A2 | D3 G2 A2 D3 | A2:3 A2:1 A2:4
            D3 D3 C#3 D3 | D3 C#3 D3 A2 | D3 G2 A2 D3 | A2:3 D3:1 D3:4
            A2 A2 D3 D3 | A2 A2 D3 D3 | A2 A2 D3 A2 | G2 E2 A2 D3
            D3 D3 C#3 D3 | D3 C#3 D3 A2 | D3 G2 A2 D3 | A2:3 D3:1 D3:4
            """;

    private OdeToJoy() {}

    static Score score() {
        return new Score(
                "ode-to-joy",
                METER,
                MICROS_PER_QUARTER,
                List.of(
                        new Part("melody", 0, 68, notes(MELODY, 96)),
                        new Part("alto", 1, 41, byHand(notes(ALTO, 72))),
                        new Part("tenor", 2, 42, notes(TENOR, 72)),
                        new Part("bass", 3, 43, notes(BASS, 80))));
    }

    private static List<Note> notes(String text, int velocity) {
        List<Note> notes = new ArrayList<>();
        long tick = 0;
        for (String word : text.replace("|", "").strip().split("\\s+")) {
            String[] noteAndLength = word.split(":");
            long length = EIGHTH * (noteAndLength.length == 1 ? 2 : Integer.parseInt(noteAndLength[1]));
            notes.add(new Note(tick, length, key(noteAndLength[0]), velocity));
            tick += length;
        }
        if (tick != METER.startOf(BARS + 1)) {
            throw new IllegalStateException("the part ends at tick " + tick + ", which is not the end of bar " + BARS);
        }
        return notes;
    }

    private static int key(String name) {
        int octave = name.charAt(name.length() - 1) - '0';
        int sharp = name.contains("#") ? 1 : 0;
        return 12 * (octave + 1) + KEYS.get(name.charAt(0)) + sharp;
    }

    private static List<Note> byHand(List<Note> exact) {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < exact.size(); i++) {
            Note note = exact.get(i);
            notes.add(new Note(
                    note.tick() + LATE[i % LATE.length], note.length() - RELEASED_EARLY, note.key(), note.velocity()));
        }
        return notes;
    }
}
