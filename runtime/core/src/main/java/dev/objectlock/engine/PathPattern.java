package dev.objectlock.engine;

import dev.objectlock.LockPath;
import dev.objectlock.grammar.PathTemplate;
import dev.objectlock.grammar.PathTemplate.Segment;
import java.util.List;

/**
 * The paths that a template could become: each placeholder stands for any text within its segment.
 *
 * @param template the template
 */
record PathPattern(PathTemplate template) {

    boolean fits(LockPath path) {
        List<String> names = path.segments();
        List<Segment> segments = template.segments();
        if (names.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            if (!fits(segments.get(i), names.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A placeholder stands for one character at least. */
    private static boolean fits(Segment segment, String name) {
        if (segment.isFixed()) {
            return segment.before().equals(name);
        }
        return name.length() > segment.before().length() + segment.after().length()
                && name.startsWith(segment.before())
                && name.endsWith(segment.after());
    }

    /** Whether some path may fit both. */
    boolean overlaps(PathPattern other) {
        List<Segment> mine = template.segments();
        List<Segment> theirs = other.template.segments();
        if (mine.size() != theirs.size()) {
            return false;
        }
        for (int i = 0; i < mine.size(); i++) {
            if (!overlap(mine.get(i), theirs.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean overlap(Segment one, Segment two) {
        if (one.isFixed()) {
            return fits(two, one.before());
        }
        if (two.isFixed()) {
            return fits(one, two.before());
        }
        return (one.before().startsWith(two.before()) || two.before().startsWith(one.before()))
                && (one.after().endsWith(two.after()) || two.after().endsWith(one.after()));
    }

    @Override
    public String toString() {
        return template.text();
    }
}
