package dev.objectlock;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Named changes of declared extents, all or nothing, that can be undone: what {@link dev.objectlock.annotation.LockTransaction}
 * does, in code. Thread-safe.
 *
 * <p>A transaction takes an EXCLUSIVE MONITOR on each part that it changes, in the flow of its caller, and waits for other flows. It
 * never joins what its flow holds already: two open transactions never have an overlapping part, also not in one flow. Then each
 * part's {@link UndoParticipant} captures it.
 */
public interface LockTransactions {

    /**
     * Runs work as one transaction.
     *
     * @param request its name, and what it changes
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws; what it changed is restored then, and nothing is recorded
     * @throws LockBusyException if somebody is in the way and it does not wait, or no longer
     * @throws LockLostException if the body returned, but the hold had been lost: nothing is recorded then and, since somebody else
     *     may be in there, nothing restored
     * @throws TransactionRolledBackException if the body returned, but a part of it had failed
     * @throws LockNotHeldException if it is MANDATORY that one is open, and there is none
     * @throws LockConfigurationException if no participant is known for a part, if a part overlaps one of another open transaction of
     *     the flow, or lies under another root than the open one that this is part of
     */
    <T extends @Nullable Object, X extends Exception> T call(TransactionRequest request, Body<T, X> body) throws X;

    /**
     * Runs work as one transaction; see {@link #call(TransactionRequest, Body)}.
     *
     * @param request its name, and what it changes
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws; what it changed is restored then, and nothing is recorded
     */
    default <X extends Exception> void run(TransactionRequest request, Body.Action<X> body) throws X {
        call(request, Body.of(body));
    }

    /**
     * Begins a transaction, which goes on until it is ended. What is called on this thread until then is part of it.
     *
     * @param request its name, and what it changes
     * @return the transaction, to be committed, and to be closed
     * @throws LockBusyException if somebody is in the way and it does not wait, or no longer
     */
    OpenTransaction begin(TransactionRequest request);

    /**
     * Returns the transaction that is open on this thread.
     *
     * @return empty if there is none
     */
    Optional<OpenTransaction> current();

    /**
     * Finds an open transaction by its id, to go on with it from another thread or request of the same user and client.
     *
     * @param under the root, or an object below
     * @param id its id
     * @return the transaction
     * @throws LockLostException if it was lost not long ago
     * @throws LockNotHeldException if it has ended, never was, or belongs to another user or client
     */
    OpenTransaction find(LockPath under, long id);

    /**
     * Does some of the work of an open transaction: {@code find(under, id).call(body)}.
     *
     * @param under the root, or an object below
     * @param id its id
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws; the transaction goes on
     */
    default <T extends @Nullable Object, X extends Exception> T call(LockPath under, long id, Body<T, X> body)
            throws X {
        return find(under, id).call(body);
    }

    /**
     * Does some of the work of an open transaction: {@code find(under, id).run(body)}.
     *
     * @param under the root, or an object below
     * @param id its id
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws; the transaction goes on
     */
    default <X extends Exception> void run(LockPath under, long id, Body.Action<X> body) throws X {
        find(under, id).run(body);
    }

    /**
     * Reads: takes nothing and never waits, and sees whatever is there.
     *
     * @param body the work, which must not begin a transaction
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     * @throws LockConfigurationException in a transaction that changes something
     */
    <T extends @Nullable Object, X extends Exception> T read(Body<T, X> body) throws X;

    /**
     * Holds changes of one element off, for 5 s at most, however much it is used: a SHARED MONITOR on the element. It is an object of
     * its own below what transactions take, so it neither waits for them nor they for it.
     *
     * @param element the element
     * @return the hold, to be closed
     * @throws LockBusyException if a change of it goes on for longer than 15 s
     */
    Hold readElement(LockPath element);

    /**
     * Changes one element, when nobody reads it: with an EXCLUSIVE MONITOR on the element, for which it waits.
     *
     * @param element the element
     * @param body the work
     * @param <T> what it returns
     * @param <X> what it throws
     * @return what the body returns
     * @throws X what the body throws
     * @throws LockBusyException if somebody is in the way for longer than 15 s
     */
    <T extends @Nullable Object, X extends Exception> T changeElement(LockPath element, Body<T, X> body) throws X;

    /**
     * Changes one element; see {@link #changeElement(LockPath, Body)}.
     *
     * @param element the element
     * @param body the work
     * @param <X> what it throws
     * @throws X what the body throws
     */
    default <X extends Exception> void changeElement(LockPath element, Body.Action<X> body) throws X {
        changeElement(element, Body.of(body));
    }

    /**
     * Undoes the last change under a root, whoever's: waits until its parts are free, and restores them.
     *
     * @param under the root, or an object below
     * @return what was undone; empty if there is nothing to undo
     * @throws LockBusyException if somebody is in the way, for longer than 15 s if that is a call or a transaction
     * @throws LockConfigurationException if its parts overlap an open transaction of the flow
     */
    Optional<UndoEntry> undo(LockPath under);

    /**
     * Undoes a change if it is still the last one: what the menu showed, and nothing else.
     *
     * @param entry the change
     * @return false, and nothing has happened, if it is not the last one any more
     * @throws LockBusyException if somebody is in the way
     */
    boolean undo(UndoEntry entry);

    /**
     * Redoes the change that was undone last, unless something was committed since.
     *
     * @param under the root, or an object below
     * @return what was redone; empty if there is nothing to redo
     * @throws LockBusyException if somebody is in the way
     */
    Optional<UndoEntry> redo(LockPath under);

    /**
     * Redoes a change if it is still the one that was undone last.
     *
     * @param entry the change
     * @return false, and nothing has happened, if it is not that any more
     * @throws LockBusyException if somebody is in the way
     */
    boolean redo(UndoEntry entry);

    /**
     * Lists what can be undone, for a menu.
     *
     * @param under the root, or an object below
     * @return the entries, the last change first
     */
    List<UndoEntry> undoable(LockPath under);

    /**
     * Lists what can be redone, for a menu.
     *
     * @param under the root, or an object below
     * @return the entries, the one that was undone last first
     */
    List<UndoEntry> redoable(LockPath under);

    /**
     * Returns the roots that have a history in this process.
     *
     * @return the roots in the order of their names
     */
    List<LockPath> histories();

    /**
     * Forgets what could be undone and redone under a root, for instance because the object is gone, or was read anew.
     *
     * @param under the root, or an object below
     * @return how many steps there were
     */
    int forget(LockPath under);

    /**
     * Returns the open transactions of this process.
     *
     * @return the transactions at this moment, in the order of their roots and ids
     */
    List<TransactionInfo> open();

    /**
     * Registers who captures and restores objects.
     *
     * @param pattern the paths of the objects, as a template whose placeholders stand for anything: {@code
     *     score:{score}/part:{part}}
     * @param participant who does it for them
     * @return to end it
     * @throws LockConfigurationException if the pattern is wrong, or some path fits it and another one that is registered
     */
    Subscription participant(String pattern, UndoParticipant<?> participant);
}
