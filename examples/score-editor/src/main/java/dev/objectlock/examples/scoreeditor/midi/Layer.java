package dev.objectlock.examples.scoreeditor.midi;

import dev.objectlock.examples.scoreeditor.score.Note;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits notes such that in one layer no key sounds twice at a time. A track cannot say which of two such notes ends, so each layer
 * gets a track of its own. Nearly always there is one layer.
 */
final class Layer {

    private final List<Note> notes = new ArrayList<>();
    private final Map<Integer, Long> ends = new HashMap<>();

    private Layer() {}

    /** Returns one layer at least. */
    static List<List<Note>> split(List<Note> inOrder) {
        List<Layer> layers = new ArrayList<>();
        layers.add(new Layer());
        for (Note note : inOrder) {
            if (layers.stream().noneMatch(layer -> layer.takes(note))) {
                Layer another = new Layer();
                another.takes(note);
                layers.add(another);
            }
        }
        return layers.stream().map(layer -> layer.notes).toList();
    }

    private boolean takes(Note note) {
        if (ends.getOrDefault(note.key(), 0L) > note.tick()) {
            return false;
        }
        ends.put(note.key(), note.end());
        notes.add(note);
        return true;
    }
}
