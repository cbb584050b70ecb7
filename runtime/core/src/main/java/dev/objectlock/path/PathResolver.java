package dev.objectlock.path;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.grammar.PathTemplate;
import dev.objectlock.grammar.PathTemplate.Segment;
import dev.objectlock.grammar.Placeholder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Works out the path of a template for one call. Immutable but for caches; thread-safe. */
public final class PathResolver {

    /** In place of a second value. */
    private static final String NONE = "";

    private final PathTemplate template;
    private final String place;
    private final Part[] parts;

    /** What follows the first segment, where it is the same for every call; else null. */
    private final @Nullable String fixedRest;

    private final @Nullable Remembered remembered;

    /** Whether it is the template of a class, which says what is below the object above and nothing else. */
    private final boolean ofClass;

    private PathResolver(PathTemplate template, String place, Part[] parts, boolean ofClass) {
        this.ofClass = ofClass;
        this.template = template;
        this.place = place;
        this.parts = parts;
        this.fixedRest = fixedRest(parts);
        this.remembered = Remembered.of(Arrays.stream(parts)
                .map(part -> part.source)
                .filter(Objects::nonNull)
                .toList());
    }

    /**
     * Binds a template.
     *
     * @param template the template
     * @param place the method or class it stands on, for errors
     * @param sources finds the source of each placeholder
     * @return the resolver
     */
    public static PathResolver of(PathTemplate template, String place, Function<Placeholder, Source> sources) {
        List<Segment> segments = template.segments();
        Part[] parts = new Part[segments.size()];
        for (int i = 0; i < parts.length; i++) {
            Segment segment = segments.get(i);
            Placeholder placeholder = segment.placeholder();
            parts[i] = new Part(
                    segment.before(), placeholder == null ? null : sources.apply(placeholder), segment.after());
        }
        return new PathResolver(template, place, parts, false);
    }

    /**
     * The paths that were made last, by the values they were made from: objects that are called are mostly called again, and
     * to compare two values costs less than to write them. Thread-safe; a race only forgets.
     */
    private static final class Remembered {

        private static final int MOST = 256;
        private static final int RARELY = 16;

        private final Source first;
        private final @Nullable Source second;
        private final AtomicReferenceArray<@Nullable Made> made = new AtomicReferenceArray<>(MOST);

        private record Made(Object one, Object two, LockPath path) {}

        private Remembered(Source first, @Nullable Source second) {
            this.first = first;
            this.second = second;
        }

        /** Only where there are one or two values that are read from arguments as they are: accessors may do anything. */
        static @Nullable Remembered of(List<Source> sources) {
            boolean plain = sources.stream().allMatch(Source::isArgument);
            return switch (plain ? sources.size() : 0) {
                case 1 -> new Remembered(sources.get(0), null);
                case 2 -> new Remembered(sources.get(0), sources.get(1));
                default -> null;
            };
        }

        /** Values that never change, and are equal only if they are written alike. */
        static boolean canKeep(Object value) {
            return value instanceof String || value instanceof Integer || value instanceof Long;
        }

        @Nullable
        LockPath find(Object one, Object two) {
            Made known = made.getAcquire(place(one, two));
            return known != null && one.equals(known.one) && two.equals(known.two) ? known.path : null;
        }

        /**
         * A place that is taken is rarely given to somebody else: where there are more objects than places, threads would
         * otherwise write to the same few places with every call.
         */
        void keep(Object one, Object two, LockPath path) {
            int place = place(one, two);
            if (made.getOpaque(place) == null || ThreadLocalRandom.current().nextInt(RARELY) == 0) {
                made.setRelease(place, new Made(one, two, path));
            }
        }

        private static int place(Object one, Object two) {
            int hash = one.hashCode() * 31 + two.hashCode();
            return (hash ^ hash >>> 16) & MOST - 1;
        }
    }

    /** Binds the template of a class. */
    static PathResolver ofClass(PathTemplate template, String place) {
        return new PathResolver(template, place, of(template, place, Source::ofClass).parts, true);
    }

    /**
     * Works out the path.
     *
     * @param target the target object, or null for a static method
     * @param args the arguments
     * @return the path
     * @throws LockConfigurationException if a value cannot name an object
     */
    public LockPath resolve(@Nullable Object target, @Nullable Object[] args) {
        if (remembered == null) {
            return make(target, args);
        }
        Object one = remembered.first.read(target, args);
        Object two = remembered.second == null ? NONE : remembered.second.read(target, args);
        if (one == null || two == null || !Remembered.canKeep(one) || !Remembered.canKeep(two)) {
            return make(target, args);
        }
        LockPath known = remembered.find(one, two);
        if (known == null) {
            known = make(target, args);
            remembered.keep(one, two, known);
        }
        return known;
    }

    private LockPath make(@Nullable Object target, @Nullable Object[] args) {
        Part first = parts[0];
        Object value = first.source == null ? null : first.source.read(target, args);
        if (value != null && LockablePaths.isWholePath(value)) {
            if (ofClass) {
                throw Segments.wrong(first.requireSource(), place, "stands for a whole path; mark it as @LockParent");
            }
            return below(wholePath(first, value), target, args);
        }
        String root = first.write(value, place);
        return LockPath.ofEscaped(root, fixedRest != null ? fixedRest : rest(target, args));
    }

    /**
     * Returns the template.
     *
     * @return as it was written
     */
    public PathTemplate template() {
        return template;
    }

    private LockPath wholePath(Part first, Object value) {
        if (!first.before.isEmpty() || !first.after.isEmpty()) {
            throw Segments.wrong(
                    first.requireSource(),
                    place,
                    "stands for a whole path and must be the whole first segment, but \"" + template
                            + "\" has text beside it");
        }
        return value instanceof LockPath path ? path : LockablePaths.pathOf(value);
    }

    private LockPath below(LockPath base, @Nullable Object target, @Nullable Object[] args) {
        if (parts.length == 1) {
            return base;
        }
        String more = fixedRest != null ? fixedRest : rest(target, args);
        String above = base.belowRoot();
        return LockPath.ofEscaped(base.rootName(), above.isEmpty() ? more : above + "/" + more);
    }

    private String rest(@Nullable Object target, @Nullable Object[] args) {
        if (parts.length == 2) {
            return parts[1].read(target, args, place);
        }
        StringBuilder rest = new StringBuilder();
        for (int i = 1; i < parts.length; i++) {
            if (i > 1) {
                rest.append('/');
            }
            rest.append(parts[i].read(target, args, place));
        }
        return rest.toString();
    }

    private static @Nullable String fixedRest(Part[] parts) {
        StringBuilder rest = new StringBuilder();
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].source != null) {
                return null;
            }
            rest.append(i > 1 ? "/" : "").append(parts[i].before);
        }
        return rest.toString();
    }

    private static final class Part {

        private final String before;
        private final @Nullable Source source;
        private final String after;

        Part(String before, @Nullable Source source, String after) {
            this.before = before;
            this.source = source;
            this.after = after;
        }

        String read(@Nullable Object target, @Nullable Object[] args, String place) {
            return source == null ? before : write(source.read(target, args), place);
        }

        String write(@Nullable Object value, String place) {
            if (source == null) {
                return before;
            }
            if (LockablePaths.isWholePath(value)) {
                throw Segments.wrong(
                        source, place, "stands for a whole path and must be the whole first segment of its template");
            }
            String text = Segments.write(value, source, place);
            if (after.isEmpty()) {
                return before.isEmpty() ? text : before.concat(text);
            }
            return before + text + after;
        }

        Source requireSource() {
            if (source == null) {
                throw new IllegalStateException("a fixed segment has no source");
            }
            return source;
        }
    }
}
