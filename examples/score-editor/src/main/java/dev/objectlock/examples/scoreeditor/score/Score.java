package dev.objectlock.examples.scoreeditor.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of music: some parts in one meter and one tempo. */
public final class Score {

    private final String name;
    private final Meter meter;
    private final int microsPerQuarter;
    private final Map<String, Part> parts = new LinkedHashMap<>();

    /**
     * Creates a score.
     *
     * @param name what it is called
     * @param meter how ticks make bars
     * @param microsPerQuarter how many microseconds a quarter note lasts
     * @param parts the parts, the highest first
     */
    public Score(String name, Meter meter, int microsPerQuarter, List<Part> parts) {
        if (name.isBlank() || microsPerQuarter < 1) {
            throw new IllegalArgumentException("no score: '" + name + "' at " + microsPerQuarter + " us to a quarter");
        }
        this.name = name;
        this.meter = meter;
        this.microsPerQuarter = microsPerQuarter;
        for (Part part : parts) {
            if (this.parts.put(part.name(), part) != null) {
                throw new IllegalArgumentException("two parts of " + name + " are called " + part.name());
            }
        }
    }

    public String name() {
        return name;
    }

    public Meter meter() {
        return meter;
    }

    public int microsPerQuarter() {
        return microsPerQuarter;
    }

    public List<Part> parts() {
        return List.copyOf(parts.values());
    }

    public Part part(String partName) {
        Part part = parts.get(partName);
        if (part == null) {
            throw new IllegalArgumentException(name + " has no part '" + partName + "', only " + parts.keySet());
        }
        return part;
    }

    /** The last bar in which a note begins; 0 if there is none. */
    public long lastBar() {
        return parts.values().stream()
                .flatMap(part -> part.notes().stream())
                .mapToLong(note -> meter.barAt(note.tick()))
                .max()
                .orElse(0);
    }

    /** All notes at this moment, by the names of the parts. */
    public Map<String, List<Note>> notes() {
        Map<String, List<Note>> notes = new LinkedHashMap<>();
        parts.forEach((partName, part) -> notes.put(partName, part.notes()));
        return notes;
    }
}
