package dev.objectlock.engine;

import dev.objectlock.ChangedPart;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockPath;
import dev.objectlock.Subscription;
import dev.objectlock.UndoParticipant;
import dev.objectlock.grammar.GrammarException;
import dev.objectlock.grammar.PathTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Who captures and restores what, as it was registered. Thread-safe. */
final class Participants {

    private final ReentrantLock lock = new ReentrantLock();
    private volatile List<Registered> registered = List.of();

    /** Not a value: the same may be registered again after it was taken away. */
    private static final class Registered {
        private final PathPattern pattern;
        private final UndoParticipant<?> participant;

        Registered(PathPattern pattern, UndoParticipant<?> participant) {
            this.pattern = pattern;
            this.participant = participant;
        }
    }

    Subscription register(String text, UndoParticipant<?> participant) {
        PathPattern pattern = read(text);
        Registered added = new Registered(pattern, participant);
        lock.lock();
        try {
            for (Registered other : registered) {
                if (other.pattern.overlaps(pattern)) {
                    throw new LockConfigurationException("a participant for \"" + text
                            + "\" cannot be registered: \"" + other.pattern + "\" is registered already, and some"
                            + " path fits both; a path has one participant");
                }
            }
            List<Registered> more = new ArrayList<>(registered);
            more.add(added);
            registered = List.copyOf(more);
        } finally {
            lock.unlock();
        }
        return () -> remove(added);
    }

    private static PathPattern read(String text) {
        try {
            return new PathPattern(PathTemplate.parse(text));
        } catch (GrammarException wrong) {
            throw new LockConfigurationException(
                    "the pattern of a participant is a path template: " + wrong.getMessage(), wrong);
        }
    }

    private void remove(Registered gone) {
        lock.lock();
        try {
            registered = registered.stream().filter(one -> one != gone).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Finds who captures and restores a part.
     *
     * @param said who was named with the request, or null
     * @param target the object whose method it is, or null
     * @throws LockConfigurationException if nobody is known
     */
    UndoParticipant<?> of(ChangedPart part, @Nullable UndoParticipant<?> said, @Nullable Object target) {
        if (said != null) {
            return said;
        }
        if (target instanceof UndoParticipant<?> own) {
            return own;
        }
        UndoParticipant<?> known = registeredFor(part.path());
        if (known != null) {
            return known;
        }
        String slash = part.path().segments().get(0).contains("/")
                ? "; its first segment has a '/' in it: was it meant to be LockPath.parse(...), or LockPath.of(root, more)?"
                : "";
        throw new LockConfigurationException("nobody knows how to restore " + part.path()
                + (target == null
                        ? ""
                        : ": " + target.getClass().getName() + " is no UndoParticipant, and none is registered")
                + (slash.isEmpty()
                        ? "; register one with ObjectLocks.transactions().participant(\"" + part.path() + "\", ...)"
                        : slash));
    }

    private @Nullable UndoParticipant<?> registeredFor(LockPath path) {
        for (Registered one : registered) {
            if (one.pattern.fits(path)) {
                return one.participant;
            }
        }
        return null;
    }

    /** Whether some path of a template may fit what is registered. */
    boolean mayKnow(PathTemplate template) {
        PathPattern asked = new PathPattern(template);
        return registered.stream().anyMatch(one -> one.pattern.overlaps(asked));
    }
}
