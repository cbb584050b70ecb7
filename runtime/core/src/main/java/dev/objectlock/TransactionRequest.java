package dev.objectlock;

import dev.objectlock.annotation.LockPropagation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction is asked for with: a name, and what it will change. Immutable; every method returns a changed copy.
 *
 * <pre>{@code
 * TransactionRequest.of("Cut bars 12 to 20", LockPath.of("score:7", "part:1"), 12, 20)
 * }</pre>
 */
public final class TransactionRequest {

    private final String name;
    private final List<ChangedPart> parts;
    private final LockPropagation propagation;
    private final @Nullable Duration waitFor;
    private final @Nullable UndoParticipant<?> participant;

    private TransactionRequest(
            String name,
            List<ChangedPart> parts,
            LockPropagation propagation,
            @Nullable Duration waitFor,
            @Nullable UndoParticipant<?> participant) {
        if (name.isBlank()) {
            throw new LockConfigurationException(
                    "the name of a transaction must not be blank: it is what an Undo menu" + " shows");
        }
        checkParts(name, parts);
        this.name = name;
        this.parts = List.copyOf(parts);
        this.propagation = propagation;
        this.waitFor = waitFor;
        this.participant = participant;
    }

    private static void checkParts(String name, List<ChangedPart> parts) {
        LockPath first = parts.get(0).path();
        for (int i = 1; i < parts.size(); i++) {
            ChangedPart part = parts.get(i);
            if (!part.path().rootName().equals(first.rootName())) {
                throw new LockConfigurationException("the transaction \"" + name + "\" is about " + first + " and "
                        + part.path() + ", which have different roots; what is undone together lies under one root");
            }
            for (ChangedPart other : parts.subList(0, i)) {
                if (part.overlaps(other)) {
                    throw new LockConfigurationException(
                            "the transaction \"" + name + "\" names " + other + " and " + part + ", which overlap");
                }
            }
        }
    }

    /**
     * Asks for a change of a whole object.
     *
     * @param name the name of the change, as an Undo menu shows it
     * @param path the object
     * @return the request
     * @throws LockConfigurationException if the name is blank
     */
    public static TransactionRequest of(String name, LockPath path) {
        return of(name, List.of(new ChangedPart(path, null)));
    }

    /**
     * Asks for a change of a part of an object.
     *
     * @param name the name of the change, as an Undo menu shows it
     * @param path the object
     * @param from the first position
     * @param to the position behind the last
     * @return the request
     * @throws LockConfigurationException if the name is blank, or the extent empty or reversed
     */
    public static TransactionRequest of(String name, LockPath path, long from, long to) {
        return of(name, List.of(new ChangedPart(path, new Extent(from, to))));
    }

    /**
     * Asks for a change of several parts.
     *
     * @param name the name of the change, as an Undo menu shows it
     * @param parts the parts, all under one root
     * @return the request
     * @throws LockConfigurationException if the name is blank, there is no part, two of them overlap, or have different roots
     */
    public static TransactionRequest of(String name, List<ChangedPart> parts) {
        if (parts.isEmpty()) {
            throw new LockConfigurationException("the transaction \"" + name + "\" must name what it changes");
        }
        return new TransactionRequest(name, parts, LockPropagation.REQUIRED, null, null);
    }

    /**
     * Adds a whole object.
     *
     * @param path the object, under the same root
     * @return the changed copy
     * @throws LockConfigurationException if it has another root, or overlaps what is there
     */
    public TransactionRequest and(LockPath path) {
        return and(new ChangedPart(path, null));
    }

    /**
     * Adds a part of an object.
     *
     * @param path the object, under the same root
     * @param from the first position
     * @param to the position behind the last
     * @return the changed copy
     * @throws LockConfigurationException if it has another root, or overlaps what is there
     */
    public TransactionRequest and(LockPath path, long from, long to) {
        return and(new ChangedPart(path, new Extent(from, to)));
    }

    private TransactionRequest and(ChangedPart part) {
        List<ChangedPart> more = new ArrayList<>(parts);
        more.add(part);
        return new TransactionRequest(name, more, propagation, waitFor, participant);
    }

    /**
     * Says what to do where a transaction is open already in the flow.
     *
     * @param how by default {@link LockPropagation#REQUIRED}
     * @return the changed copy
     */
    public TransactionRequest propagation(LockPropagation how) {
        return new TransactionRequest(name, parts, how, waitFor, participant);
    }

    /**
     * Says how long to wait for whatever is in the way.
     *
     * @param longest by default 15 s for calls and transactions of others, and not at all for kept locks; zero means not at all
     * @return the changed copy
     * @throws LockConfigurationException if it is negative
     */
    public TransactionRequest waitFor(Duration longest) {
        if (longest.isNegative()) {
            throw new LockConfigurationException("waitFor must not be negative, but is " + longest);
        }
        return new TransactionRequest(name, parts, propagation, longest, participant);
    }

    /**
     * Says who captures and restores the parts.
     *
     * @param who by default the one that is {@linkplain LockTransactions#participant registered} for each path
     * @return the changed copy
     */
    public TransactionRequest participant(UndoParticipant<?> who) {
        return new TransactionRequest(name, parts, propagation, waitFor, who);
    }

    /**
     * Returns the name.
     *
     * @return as an Undo menu shows it
     */
    public String name() {
        return name;
    }

    /**
     * Returns what it will change.
     *
     * @return at least one part, all under one root
     */
    public List<ChangedPart> parts() {
        return parts;
    }

    /**
     * Returns the root of all parts.
     *
     * @return its path
     */
    public LockPath root() {
        return parts.get(0).path().root();
    }

    /**
     * Returns what it does where a transaction is open already.
     *
     * @return the propagation
     */
    public LockPropagation propagation() {
        return propagation;
    }

    /**
     * Returns how long to wait for whatever is in the way.
     *
     * @return empty if nothing was said
     */
    public Optional<Duration> waitFor() {
        return Optional.ofNullable(waitFor);
    }

    /**
     * Returns who captures and restores the parts.
     *
     * @return empty if nothing was said
     */
    public Optional<UndoParticipant<?>> participant() {
        return Optional.ofNullable(participant);
    }

    /**
     * Says the request for people.
     *
     * @return for instance {@code transaction "Transpose by 3" on score:7/part:1 [0, 100)}
     */
    @Override
    public String toString() {
        return "transaction \"" + name + "\" on "
                + String.join(", ", parts.stream().map(ChangedPart::toString).toList());
    }
}
