package dev.objectlock.engine;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockSnapshot;
import dev.objectlock.LockStatus;
import dev.objectlock.Released;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Beat;
import dev.objectlock.backend.ChangeAnswer;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.Guard;
import dev.objectlock.backend.GuardAnswer;
import dev.objectlock.backend.HoldRef;
import dev.objectlock.backend.JoinedProcess;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The place of a process that has not joined its store yet: every question fails, and it is certain that nothing was done.
 */
final class NotJoined implements JoinedProcess {

    private final String id;
    private final LockBackendException why;

    /**
     * Creates it.
     *
     * @param id a name for the process as long as the store has given it none
     * @param why what came of the last attempt to join
     */
    NotJoined(String id, LockBackendException why) {
        this.id = id;
        this.why = why;
    }

    private <T> CompletionStage<T> unreachable() {
        return CompletableFuture.failedFuture(
                new LockBackendException("this process has not joined the store yet; " + why.getMessage(), true, why));
    }

    @Override
    public String id() {
        return id;
    }

    /** The store knows of none. */
    @Override
    public void forgetHistory(String root) {}

    @Override
    public CompletionStage<Answer> ask(Ask ask) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<Answer.Refused>> withdraw(Ask ask) {
        return unreachable();
    }

    @Override
    public CompletionStage<Void> giveBack(Ask ask) {
        return unreachable();
    }

    @Override
    public CompletionStage<Void> undo(Ask ask) {
        return unreachable();
    }

    @Override
    public CompletionStage<Integer> giveBack(Collection<HoldRef> holds) {
        return unreachable();
    }

    @Override
    public CompletionStage<Released> release(LockPath path, Set<LockMode> modes, LockOwner owner, boolean ofAnyClient) {
        return unreachable();
    }

    @Override
    public CompletionStage<List<HoldRef>> find(LockPath path, Set<LockMode> modes, LockOwner owner) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> inspect(HoldRef hold) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> renew(HoldRef hold) {
        return unreachable();
    }

    @Override
    public CompletionStage<GuardAnswer.Use> use(HoldRef hold) {
        return unreachable();
    }

    @Override
    public CompletionStage<List<HoldInfo>> override(LockPath path, LockOwner by, String reason) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<HoldInfo>> override(LockPath under, String holdId, LockOwner by, String reason) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<String>> token(HoldRef hold) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<HoldRef>> attach(String token) {
        return unreachable();
    }

    @Override
    public CompletionStage<ChangeAnswer> changeScope(
            LockPath path, LockScope scope, LockOwner owner, boolean passesWaiters) {
        return unreachable();
    }

    @Override
    public CompletionStage<ChangeAnswer> move(LockPath from, LockPath to, LockOwner owner) {
        return unreachable();
    }

    @Override
    public CompletionStage<List<HoldInfo>> remove(LockPath path, LockOwner by) {
        return unreachable();
    }

    @Override
    public CompletionStage<List<HoldInfo>> waitsFor(Ask ask) {
        return unreachable();
    }

    @Override
    public CompletionStage<GuardAnswer> guard(Guard guard) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<Answer>> check(Ask ask) {
        return unreachable();
    }

    @Override
    public CompletionStage<Connection> openClient(LockOwner client, String secret, SessionPolicy policy) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<Connection>> resumeClient(String client, String secret) {
        return unreachable();
    }

    @Override
    public CompletionStage<Optional<Connection>> presentClient(Connection former, String secret) {
        return unreachable();
    }

    @Override
    public CompletionStage<Void> disconnectClient(Connection connection) {
        return unreachable();
    }

    @Override
    public CompletionStage<Void> endClient(Connection connection) {
        return unreachable();
    }

    @Override
    public CompletionStage<Integer> endUser(String user, LockOwner by, String reason) {
        return unreachable();
    }

    @Override
    public CompletionStage<LockStatus> status(LockPath path) {
        return unreachable();
    }

    @Override
    public CompletionStage<List<HoldInfo>> list(LockPath under) {
        return unreachable();
    }

    @Override
    public CompletionStage<List<LockPath>> roots() {
        return unreachable();
    }

    @Override
    public CompletionStage<LockSnapshot> watch(LockPath under) {
        return unreachable();
    }

    @Override
    public void unwatch(LockPath under) {}

    @Override
    public CompletionStage<Beat> beat() {
        return unreachable();
    }

    @Override
    public CompletionStage<Void> leave() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> leaveAsDead() {
        return leave();
    }
}
