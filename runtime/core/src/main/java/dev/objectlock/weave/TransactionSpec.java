package dev.objectlock.weave;

import dev.objectlock.ChangedPart;
import dev.objectlock.Extent;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.TransactionRequest;
import dev.objectlock.UndoParticipant;
import dev.objectlock.annotation.LockPropagation;
import dev.objectlock.annotation.LockTransaction;
import dev.objectlock.engine.Engine;
import dev.objectlock.grammar.Durations;
import dev.objectlock.grammar.PathTemplate;
import dev.objectlock.grammar.TextTemplate;
import dev.objectlock.path.PathResolver;
import dev.objectlock.path.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LockTransaction} says, with its names resolved.
 *
 * @param name what its name is made of: text, or where a value comes from; none for a reader
 * @param paths the objects
 * @param from where the extent begins, or null for whole objects
 * @param to where it ends, or null for whole objects
 * @param propagation what it does where one is open
 * @param waitFor how long it waits, or null if nothing was said
 * @param skipIf when it runs without a transaction
 * @param isReader whether it changes nothing
 * @param place the method, for errors
 */
record TransactionSpec(
        List<Object> name,
        Paths paths,
        @Nullable Bound from,
        @Nullable Bound to,
        LockPropagation propagation,
        @Nullable Duration waitFor,
        Condition skipIf,
        boolean isReader,
        Place place) {

    static TransactionSpec read(LockTransaction transaction, ResultKind result, Place place) {
        if (transaction.from().isEmpty() != transaction.to().isEmpty()) {
            throw place.wrong("@LockTransaction names " + (transaction.from().isEmpty() ? "to" : "from")
                    + " alone: an extent has both ends, and without both it is the whole object");
        }
        if (!transaction.readOnly() && result.adapter() != null) {
            throw place.wrong("@LockTransaction cannot be on a method whose work begins with a subscription; return a"
                    + " CompletionStage, or use ObjectLocks.transactions() in the code that does the work");
        }
        return new TransactionSpec(
                transaction.readOnly() ? List.of() : name(transaction.name(), place),
                Paths.read(transaction.path(), place),
                Bound.read(transaction.from(), "from", place),
                Bound.read(transaction.to(), "to", place),
                transaction.propagation(),
                place.read(transaction.waitFor(), text -> Durations.parseWait(text, "waitFor")),
                Condition.read(transaction.skipIf(), place),
                transaction.readOnly(),
                place);
    }

    private static List<Object> name(String text, Place place) {
        if (text.isBlank()) {
            throw place.wrong("@LockTransaction needs a name: it is what an Undo menu shows");
        }
        TextTemplate template =
                Objects.requireNonNull(place.read(text, written -> TextTemplate.parse(written, "name")));
        List<Object> pieces = new ArrayList<>();
        for (TextTemplate.Piece piece : template.pieces()) {
            if (piece instanceof TextTemplate.Open open) {
                pieces.add(place.source(open.placeholder()));
            } else if (piece instanceof TextTemplate.Fixed fixed) {
                pieces.add(fixed.text());
            }
        }
        return pieces;
    }

    /**
     * What one call asks for.
     *
     * @throws LockConfigurationException if a value cannot name an object, or be the end of an extent
     */
    TransactionRequest request(@Nullable Object target, @Nullable Object[] args) {
        Extent extent = extent(target, args);
        List<ChangedPart> parts = new ArrayList<>(2);
        paths.forEach(target, args, path -> parts.add(new ChangedPart(path, extent)));
        try {
            TransactionRequest request =
                    TransactionRequest.of(nameOf(target, args), parts).propagation(propagation);
            return waitFor == null ? request : request.waitFor(waitFor);
        } catch (LockConfigurationException wrong) {
            throw new LockConfigurationException(place + ": " + wrong.getMessage(), wrong);
        }
    }

    /** Where a template may stand for any path, only the call can tell. */
    void checkParticipants(Engine engine, Class<?> target) {
        if (isReader || UndoParticipant.class.isAssignableFrom(target)) {
            return;
        }
        for (PathResolver resolver : paths.resolvers()) {
            PathTemplate template = resolver.template();
            if (!template.segments().get(0).isWholePlaceholder()
                    && !engine.transactions().mayKnow(template)) {
                throw place.wrong("nobody knows how to restore \"" + template + "\", which it changes: "
                        + target.getSimpleName()
                        + " is no UndoParticipant, and none is registered for such a path; register"
                        + " one with ObjectLocks.transactions().participant(\"" + template + "\", ...)");
            }
        }
    }

    private @Nullable Extent extent(@Nullable Object target, @Nullable Object[] args) {
        if (from == null || to == null) {
            return null;
        }
        long first = from.value(target, args);
        long behind = to.value(target, args);
        if (first >= behind) {
            throw place.wrong("its extent must not be empty or reversed, but from = " + from + " is " + first
                    + " and to = " + to + " is " + behind);
        }
        return new Extent(first, behind);
    }

    private String nameOf(@Nullable Object target, @Nullable Object[] args) {
        StringBuilder text = new StringBuilder();
        for (Object piece : name) {
            text.append(piece instanceof Source source ? source.read(target, args) : piece);
        }
        return text.toString();
    }
}
