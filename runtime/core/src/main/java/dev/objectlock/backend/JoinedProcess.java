package dev.objectlock.backend;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockSnapshot;
import dev.objectlock.LockStatus;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One process that uses a store. Thread-safe; nothing here blocks the calling thread for longer than the store's own
 * mutual exclusion takes.
 */
public interface JoinedProcess {

    /**
     * Returns the random id under which the store knows this process, which is also the client of whoever comes without
     * one.
     *
     * @return the id
     */
    String id();

    /**
     * Asks for holds under one root.
     *
     * @param ask the request
     * @return granted, refused, or a place in the line
     */
    CompletionStage<Answer> ask(Ask ask);

    /**
     * Leaves the line. Whatever was already decided stands: the caller finds it in the decision.
     *
     * @param ask the request
     * @return the last state of the line, or empty if the request was no longer in it
     */
    CompletionStage<Optional<Answer.Refused>> withdraw(Ask ask);

    /**
     * Gives the scoped holds of a request back. Harmless if they are gone.
     *
     * @param ask the request
     * @return completes when it is done
     */
    CompletionStage<Void> giveBack(Ask ask);

    /**
     * Makes a request undone, whatever became of it: it leaves the line, its scoped holds are given back, and so are the kept
     * holds that it took. Those that were there before stay, and those that their owner has taken again since. Harmless if
     * nothing is left of it.
     *
     * @param ask the request, which this process may have made when the store knew it by another name
     * @return completes when it is done
     */
    CompletionStage<Void> undo(Ask ask);

    /**
     * Gives kept holds back, wherever they have moved. Harmless for those that are gone.
     *
     * @param holds the holds, all under one root
     * @return how many were there
     */
    CompletionStage<Integer> giveBack(Collection<HoldRef> holds);

    /**
     * Gives back the kept holds on exactly one object that belong to an owner. Slots are given back by their hold alone.
     *
     * @param path the object
     * @param modes the modes in question
     * @param owner whose holds
     * @param ofAnyClient whether the CLIENT holds of the user's other clients are the owner's too
     * @return what was found; never {@code LOST}, which the process itself knows
     */
    CompletionStage<Released> release(LockPath path, Set<LockMode> modes, LockOwner owner, boolean ofAnyClient);

    /**
     * Finds the kept holds on exactly one object that belong to an owner, but for slots.
     *
     * @param path the object
     * @param modes the modes in question
     * @param owner whose holds
     * @return the holds
     */
    CompletionStage<List<HoldRef>> find(LockPath path, Set<LockMode> modes, LockOwner owner);

    /**
     * Looks at a kept hold.
     *
     * @param hold the hold
     * @return its state; empty if it is gone
     */
    CompletionStage<Optional<HoldInfo>> inspect(HoldRef hold);

    /**
     * Counts as use of a kept hold, now.
     *
     * @param hold the hold
     * @return the hold's state afterwards; empty if it is gone
     */
    CompletionStage<Optional<HoldInfo>> renew(HoldRef hold);

    /**
     * Begins work that counts as use of a kept hold until it ends.
     *
     * @param hold the hold
     * @return what to end when the work is done
     */
    CompletionStage<GuardAnswer.Use> use(HoldRef hold);

    /**
     * Takes away all kept holds on exactly one object.
     *
     * @param path the object
     * @param by who does it
     * @param reason what the owners are told
     * @return the holds that were taken away
     */
    CompletionStage<List<HoldInfo>> override(LockPath path, LockOwner by, String reason);

    /**
     * Takes away one hold, kept or scoped, and tells its owner.
     *
     * @param under an object of the tree it is in
     * @param holdId the name of the hold
     * @param by who does it
     * @param reason what the owner is told
     * @return the hold, or empty if it is not there
     */
    CompletionStage<Optional<HoldInfo>> override(LockPath under, String holdId, LockOwner by, String reason);

    /**
     * Returns a secret by which a kept hold is found again.
     *
     * @param hold the hold
     * @return the same each time; empty if the hold is gone
     */
    CompletionStage<Optional<String>> token(HoldRef hold);

    /**
     * Finds a kept hold by its secret.
     *
     * @param token what {@link #token} returned
     * @return the hold; empty if it is gone, or the token was never given
     */
    CompletionStage<Optional<HoldRef>> attach(String token);

    /**
     * Changes the scope of an owner's kept USER and CLIENT holds on exactly one object, judged like a new request that does
     * not wait.
     *
     * @param path the object
     * @param scope {@code TREE} or {@code OBJECT}
     * @param owner whose holds
     * @param passesWaiters as in {@link Ask#passesWaiters}
     * @return what came of it
     */
    CompletionStage<ChangeAnswer> changeScope(LockPath path, LockScope scope, LockOwner owner, boolean passesWaiters);

    /**
     * Moves all holds and waiters of a subtree.
     *
     * @param from the object
     * @param to its new path under the same root, neither at nor below the old one
     * @param owner who does it: an EXCLUSIVE hold of theirs must cover the object
     * @return what came of it
     */
    CompletionStage<ChangeAnswer> move(LockPath from, LockPath to, LockOwner owner);

    /**
     * Ends all holds of a subtree and refuses all who wait there. The scoped holds of the flow that does it end quietly.
     *
     * @param path the object
     * @param by who does it
     * @return the kept holds that ended
     */
    CompletionStage<List<HoldInfo>> remove(LockPath path, LockOwner by);

    /**
     * Finds the scoped holds of other flows that a request waits for, to look for deadlocks. Where one of several slots
     * would do, no single hold is waited for.
     *
     * @param ask the request
     * @return the holds; none if it does not wait
     */
    CompletionStage<List<HoldInfo>> waitsFor(Ask ask);

    /**
     * Checks before work that takes no lock. Waiters are no obstacle, and nothing of the owner's own is.
     *
     * @param guard the check
     * @return what is in the way, if anything
     */
    CompletionStage<GuardAnswer> guard(Guard guard);

    /**
     * Answers whether a request would be granted now; changes nothing.
     *
     * @param ask the request
     * @return empty if it would be granted; else what would be answered
     */
    CompletionStage<Optional<Answer>> check(Ask ask);

    /**
     * Connects a new client, whose kept holds end with it. It is a login of its user.
     *
     * @param client user and client
     * @param secret what must be known to resume it, as a digest
     * @param policy what becomes of its kept holds when the connection is lost
     * @return the connection
     */
    CompletionStage<Connection> openClient(LockOwner client, String secret, SessionPolicy policy);

    /**
     * Connects a client again, here, wherever it was connected before.
     *
     * @param client the name of the client
     * @param secret the digest that it was opened with
     * @return the connection; empty if there is no such client, or it has ended
     */
    CompletionStage<Optional<Connection>> resumeClient(String client, String secret);

    /**
     * Presents a client that was connected to this process when the store took it for dead, or lost all it knew: it is connected again,
     * or anew where it is not known. May be repeated, by this process or the next one of the same engine, when the answer was lost.
     *
     * @param former its connection then
     * @param secret the digest that it was opened with
     * @return the connection; empty if it has been connected somewhere else since, which stays as it is
     */
    CompletionStage<Optional<Connection>> presentClient(Connection former, String secret);

    /**
     * A connection was lost: the client's places in the line end, and its policy says what becomes of its kept holds. Running
     * calls keep their holds. Nothing happens if this is not the client's connection any more.
     *
     * @param connection the connection
     * @return completes when it is done
     */
    CompletionStage<Void> disconnectClient(Connection connection);

    /**
     * A logout: the client's kept CLIENT and MONITOR holds end, with the user's last client the kept USER holds that clients
     * took, and its places in the line. Running calls keep their holds. Nothing happens if this is not the client's
     * connection any more.
     *
     * @param connection the connection
     * @return completes when it is done
     */
    CompletionStage<Void> endClient(Connection connection);

    /**
     * Throws a user out: ends all clients of the user, their places in the line, and all kept holds of the user.
     *
     * @param user the user
     * @param by who does it
     * @param reason what the user is told
     * @return how many kept holds were taken away
     */
    CompletionStage<Integer> endUser(String user, LockOwner by, String reason);

    /**
     * Returns what covers an object, and who waits for it.
     *
     * @param path the object
     * @return the state at this moment
     */
    CompletionStage<LockStatus> status(LockPath path);

    /**
     * Returns all holds on an object and below it.
     *
     * @param under the object
     * @return the holds in the order of their paths
     */
    CompletionStage<List<HoldInfo>> list(LockPath under);

    /**
     * Returns the roots of all trees in which something is held or waited for.
     *
     * @return the roots in the order of their names
     */
    CompletionStage<List<LockPath>> roots();

    /**
     * Has {@link ProcessListener#happened} told of all changes under a root, if that is not so anyway.
     *
     * @param under the object of interest
     * @return what is kept there; every later change is told, and has a greater number
     */
    CompletionStage<LockSnapshot> watch(LockPath under);

    /**
     * One who watched does so no more.
     *
     * @param under as it was given to {@link #watch}
     */
    void unwatch(LockPath under);

    /**
     * Says that this process has no history of a root any more, and no open transaction.
     *
     * @param root the name of the tree
     */
    void forgetHistory(String root);

    /**
     * Gives a sign of life, which counts as use of the process's leases with automatic renewal. Needed three times in {@link
     * LockBackend#processTimeout}.
     *
     * @return what the store has to say
     */
    CompletionStage<Beat> beat();

    /**
     * Ends everything of this process: holds and places in the line; its clients are disconnected. The scoped holds are
     * reported as lost.
     *
     * @return completes when it is done
     */
    CompletionStage<Void> leave();

    /**
     * As {@link #leave}, of a process that takes itself for dead, since the store was out of its reach for too long: the store
     * does with everything of it what it does when it finds a process dead.
     *
     * @return completes when it is done
     */
    CompletionStage<Void> leaveAsDead();
}
