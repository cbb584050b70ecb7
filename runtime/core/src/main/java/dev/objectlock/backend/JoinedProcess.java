package dev.objectlock.backend;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockStatus;
import dev.objectlock.Released;
import dev.objectlock.annotation.LockMode;
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
     * Gives kept holds back, wherever they have moved. Harmless for those that are gone.
     *
     * @param holds the holds, all under one root
     * @return how many were there
     */
    CompletionStage<Integer> giveBack(Collection<HoldRef> holds);

    /**
     * Gives back the kept holds on exactly one object that belong to an owner.
     *
     * @param path the object
     * @param modes the modes in question
     * @param owner whose holds
     * @return what was found; never {@code LOST}, which the process itself knows
     */
    CompletionStage<Released> release(LockPath path, Set<LockMode> modes, LockOwner owner);

    /**
     * Finds the kept holds on exactly one object that belong to an owner.
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
     * Takes away all kept holds on exactly one object.
     *
     * @param path the object
     * @param by who does it
     * @param reason what the owners are told
     * @return the holds that were taken away
     */
    CompletionStage<List<HoldInfo>> override(LockPath path, LockOwner by, String reason);

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
     * @return empty if it would be granted
     */
    CompletionStage<Optional<Answer.Refused>> check(Ask ask);

    /**
     * Makes a client known, whose kept holds end with it.
     *
     * @param client user and client
     * @return completes when it is done
     */
    CompletionStage<Void> openClient(LockOwner client);

    /**
     * Ends a client: its kept CLIENT and MONITOR holds, with the user's last client the kept USER holds that clients
     * took, and its places in the line. Running calls keep their holds.
     *
     * @param client user and client
     * @return completes when it is done
     */
    CompletionStage<Void> endClient(LockOwner client);

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
     * Ends everything of this process: holds and places in the line. The scoped holds are reported as lost.
     *
     * @return completes when it is done
     */
    CompletionStage<Void> leave();
}
