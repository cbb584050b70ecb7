package dev.objectlock.examples.scoreeditor.midi;

import dev.objectlock.examples.scoreeditor.score.Note;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one track says on one channel: beginnings and ends, made into notes. */
final class Voice {

    private final List<Note> notes = new ArrayList<>();
    private final Map<Integer, Deque<Struck>> sounding = new HashMap<>();
    private int program;
    private boolean programKnown;

    private record Struck(long tick, int velocity) {}

    /** The first program counts. */
    void program(int number) {
        if (!programKnown) {
            program = number;
            programKnown = true;
        }
    }

    int program() {
        return program;
    }

    void begin(int key, long tick, int velocity) {
        sounding.computeIfAbsent(key, any -> new ArrayDeque<>()).add(new Struck(tick, velocity));
    }

    /** Of several notes on a key, the one that began first ends first. An end without a beginning says nothing. */
    void end(int key, long tick) {
        Struck struck = sounding.getOrDefault(key, new ArrayDeque<>()).poll();
        if (struck != null) {
            notes.add(new Note(struck.tick, Math.max(1, tick - struck.tick), key, struck.velocity));
        }
    }

    /** What still sounds ends with the track. */
    void endAll(long tick) {
        sounding.forEach((key, struck) -> {
            while (!struck.isEmpty()) {
                end(key, tick);
            }
        });
    }

    List<Note> notes() {
        return notes;
    }
}
