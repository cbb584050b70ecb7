package dev.objectlock.engine;

import dev.objectlock.Body;
import dev.objectlock.Hold;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockEvent;
import dev.objectlock.LockEvent.HistoryChanged;
import dev.objectlock.LockEvent.HistoryChanged.Change;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.LockTransactions;
import dev.objectlock.Loss;
import dev.objectlock.OpenTransaction;
import dev.objectlock.Subscription;
import dev.objectlock.SurroundingTransactions;
import dev.objectlock.SurroundingTransactions.Running;
import dev.objectlock.TransactionInfo;
import dev.objectlock.TransactionRequest;
import dev.objectlock.UndoEntry;
import dev.objectlock.UndoHistory;
import dev.objectlock.UndoHistory.Direction;
import dev.objectlock.UndoParticipant;
import dev.objectlock.UndoStep;
import dev.objectlock.grammar.PathTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions in code, and what annotated calls ask of them. Thread-safe. */
public final class Transactions implements LockTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    /** How long a reader keeps changes of an element off. */
    private static final Duration READING = Duration.ofSeconds(5);

    private final Engine engine;
    private final UndoHistory history;
    private final Duration idle;
    private final Participants participants = new Participants();
    private final OpenTransactions open = new OpenTransactions();
    private final Executor elsewhere = LossThreads.create();
    private final Recorder commits = new Recorder() {
        @Override
        public UndoEntry record(UndoStep step) {
            history.commit(step);
            return step.entry();
        }

        @Override
        public void dropped() {}

        @Override
        public Change change() {
            return Change.COMMITTED;
        }

        @Override
        public boolean admitsOthers() {
            return true;
        }
    };

    private final Beginning beginning;
    private final Undoing undoing;

    Transactions(Engine engine, UndoHistory history, Duration idle) {
        this.engine = engine;
        this.history = history;
        this.idle = idle;
        this.beginning = new Beginning(engine, this, participants, open);
        this.undoing = new Undoing(engine, history, beginning);
    }

    Duration idle() {
        return idle;
    }

    /**
     * Has a call take part in the transaction that is open, or begin one.
     *
     * @param request what it asks for
     * @param target the object whose method it is, or null
     * @param database the database transaction that runs on the thread, or null
     * @return null if the call goes on without a transaction, since the store is out
     * @throws dev.objectlock.LockException if it must not run
     */
    public @Nullable Participation enter(
            TransactionRequest request, @Nullable Object target, SurroundingTransactions.@Nullable Running database) {
        Binding binding = Binding.current();
        Transaction around = around(binding, request, database);
        if (around != null) {
            around.beginOnThread(true);
            try {
                beginning.widen(around, request, target);
            } catch (Throwable refused) {
                around.leave(refused, false);
                throw refused;
            }
            return Participation.member(around, binding);
        }
        Transaction begun = beginning.begin(binding.in(engine), request, target);
        return begun == null ? null : Participation.owner(begun, binding);
    }

    private @Nullable Transaction around(
            Binding binding, TransactionRequest request, SurroundingTransactions.@Nullable Running database) {
        if (binding.isReading()) {
            throw new LockConfigurationException(
                    request + " cannot begin in a reader (readOnly): a reader changes nothing");
        }
        Transaction around = binding.transaction(engine);
        if (around == null && database != null) {
            around = open.waitingFor(
                    binding.in(engine).flowIn(engine), request.root().rootName(), database);
        }
        return switch (request.propagation()) {
            case REQUIRED -> around;
            case REQUIRES_NEW -> null;
            case MANDATORY -> {
                if (around == null) {
                    throw new LockNotHeldException(request
                            + " must be part of an open transaction (MANDATORY), and none is open in this flow");
                }
                yield around;
            }
        };
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(TransactionRequest request, Body<T, X> body)
            throws X {
        if (Binding.current().isUnlocked()) {
            return body.run();
        }
        Running database = engine.runningDatabaseTransaction();
        Participation part = enter(request, null, database);
        if (part == null) {
            return body.run();
        }
        Binding binding = Binding.current();
        CallHold before = binding.swapCurrent(part.hold());
        T result;
        try {
            result = body.run();
            if (database != null) {
                part.prepared(database);
            }
        } catch (Throwable failed) {
            binding.swapCurrent(before);
            part.leaveThread();
            endAfterFailure(part, failed, database);
            throw failed;
        }
        binding.swapCurrent(before);
        part.leaveThread();
        if (database == null) {
            part.returned();
        } else {
            database.whenOver(committed -> over(part, committed));
        }
        return result;
    }

    private static void endAfterFailure(Participation part, Throwable failed, @Nullable Running database) {
        if (database == null) {
            part.failed(failed);
        } else {
            part.failedInside(failed, database);
            database.whenOver(committed -> part.failed(failed));
        }
    }

    private static void over(Participation part, boolean committed) {
        try {
            if (committed) {
                part.returned();
            } else {
                part.failed(new DatabaseRolledBack());
            }
        } catch (RuntimeException failed) {
            LOG.error("the database transaction around a transaction was committed", failed);
        }
    }

    @Override
    public OpenTransaction begin(TransactionRequest request) {
        Binding binding = Binding.current();
        if (binding.isUnlocked()) {
            return new NoTransaction(request, binding.owner(), engine.time().now());
        }
        Transaction around = around(binding, request, engine.runningDatabaseTransaction());
        if (around != null) {
            around.beginOnThread(true);
            widen(around, request);
            if (binding.transaction(engine) == null) {
                binding.enter(around);
            }
            return new TransactionHandle(this, around, TransactionHandle.Right.PART);
        }
        Transaction begun = beginning.begin(binding.in(engine), request, null);
        if (begun == null) {
            return new NoTransaction(request, binding.owner(), engine.time().now());
        }
        binding.enter(begun);
        begun.leave();
        return new TransactionHandle(this, begun, TransactionHandle.Right.OWNER);
    }

    /** One call in it, which has begun. */
    void widen(Transaction transaction, TransactionRequest request) {
        try {
            beginning.widen(transaction, request, null);
        } catch (Throwable refused) {
            transaction.leave(refused, false);
            throw refused;
        }
        transaction.leave();
    }

    @Override
    public Optional<OpenTransaction> current() {
        return Optional.ofNullable(Binding.current().transaction(engine))
                .map(around -> new TransactionHandle(this, around, TransactionHandle.Right.PART));
    }

    @Override
    public OpenTransaction find(LockPath under, long id) {
        String root = under.rootName();
        LockOwner asking = Binding.current().in(engine).flowIn(engine).owner();
        Transaction found = open.find(root, id);
        OpenTransactions.Lost lost = found == null ? open.findLost(root, id) : null;
        LockOwner owner = found != null ? found.flow().owner() : lost != null ? lost.owner() : null;
        if (owner == null
                || !Objects.equals(owner.user(), asking.user())
                || !Objects.equals(owner.client(), asking.client())) {
            throw new LockNotHeldException(asking.name() + " has no open transaction with the id " + id + " under "
                    + under.root() + ": it has ended, or belongs to another user or client; begin a new one");
        }
        if (found == null) {
            LockLostException told = Objects.requireNonNull(lost).told();
            throw new LockLostException(
                    "the transaction with the id " + id + " under " + under.root() + " was lost",
                    told.path(),
                    told.loss());
        }
        return new TransactionHandle(this, found, TransactionHandle.Right.GUEST);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T read(Body<T, X> body) throws X {
        Binding binding = Binding.current();
        checkMayRead(binding);
        binding.reading(true);
        try {
            return body.run();
        } finally {
            binding.reading(false);
        }
    }

    /**
     * Checks that a reader may run.
     *
     * @param binding what is bound to the thread
     * @throws LockConfigurationException in a transaction
     */
    public void checkMayRead(Binding binding) {
        // What captures and restores has the part for itself, and may read it.
        Transaction writing =
                binding.mayBeInTransaction() && !binding.isUnlocked() ? binding.transaction(engine) : null;
        if (writing != null) {
            throw new LockConfigurationException("a reader (readOnly) must not be called in a transaction that changes"
                    + " something, and \"" + writing.name() + "\" is open: it would see half a change");
        }
    }

    @Override
    public Hold readElement(LockPath element) {
        return engine.acquire(LockRequest.monitor(element).shared().maxHold(READING));
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T changeElement(LockPath element, Body<T, X> body)
            throws X {
        return engine.call(LockRequest.monitor(element), body);
    }

    @Override
    public Optional<UndoEntry> undo(LockPath under) {
        return undoing.swap(under.root(), Direction.UNDO, null);
    }

    @Override
    public boolean undo(UndoEntry entry) {
        return undoing.swap(entry.root(), Direction.UNDO, entry).isPresent();
    }

    @Override
    public Optional<UndoEntry> redo(LockPath under) {
        return undoing.swap(under.root(), Direction.REDO, null);
    }

    @Override
    public boolean redo(UndoEntry entry) {
        return undoing.swap(entry.root(), Direction.REDO, entry).isPresent();
    }

    @Override
    public List<UndoEntry> undoable(LockPath under) {
        return history.list(under.root(), Direction.UNDO);
    }

    @Override
    public List<UndoEntry> redoable(LockPath under) {
        return history.list(under.root(), Direction.REDO);
    }

    @Override
    public List<LockPath> histories() {
        return history.roots();
    }

    @Override
    public int forget(LockPath under) {
        int gone = history.clear(under.root(), Long.MAX_VALUE).size();
        forgetEmptyHistory(under.rootName());
        return gone;
    }

    @Override
    public List<TransactionInfo> open() {
        return open.all().stream()
                .map(Transaction::info)
                .sorted(Comparator.comparing(TransactionInfo::root).thenComparing(TransactionInfo::id))
                .toList();
    }

    @Override
    public Subscription participant(String pattern, UndoParticipant<?> participant) {
        return participants.register(pattern, participant);
    }

    /**
     * Returns whether somebody is registered who may know how to restore objects of a template.
     *
     * @param template the template
     * @return false if no path of it fits a pattern
     */
    public boolean mayKnow(PathTemplate template) {
        return participants.mayKnow(template);
    }

    /** Foreign code, apart from the threads of the time and of the store. */
    void elsewhere(Runnable work) {
        elsewhere.execute(work);
    }

    /** On top of the undo stack. */
    Recorder commits() {
        return commits;
    }

    void tell(Change change, LockPath root, List<UndoEntry> entries) {
        engine.tell(new HistoryChanged(root, change, entries, engine.time().now()));
    }

    /** A transaction has ended, was lost, or never had anything. */
    void settled(Transaction ended, String root) {
        open.remove(ended, root);
        try {
            forgetEmptyHistory(root);
        } catch (RuntimeException failed) {
            LOG.warn("the history of {} could not be asked", root, failed);
        }
    }

    /** The store need not know any more who has it; but who asks for parts now must find that the store does. */
    private void forgetEmptyHistory(String root) {
        LockPath path = LockPath.ofEscaped(root, "");
        boolean done = false;
        while (!done) {
            long claims = open.claimsIfNoneUnder(root);
            boolean empty = claims >= 0
                    && history.next(path, Direction.UNDO).isEmpty()
                    && history.next(path, Direction.REDO).isEmpty();
            done = !empty || open.ifNoneSince(claims, () -> engine.process().forgetHistory(root));
        }
    }

    /** Whoever asks for it by its id is told. */
    void noteLost(Transaction transaction, LockLostException told) {
        open.noteLost(transaction, told);
    }

    /** Scoped holds are quiet but for their loss. */
    void tellExpired(List<ScopedHold> holds, Loss why) {
        for (ScopedHold hold : holds) {
            List<HoldInfo> lost = new ArrayList<>();
            for (int i = 0; i < hold.claims().size(); i++) {
                lost.add(hold.info(i));
            }
            engine.tell(new LockEvent.Lost(lost, why.at(), 0, why));
        }
    }

    /** Another process makes transactions under a root: what is known here is no longer the order of all changes. */
    void overtaken(LockPath root, long fence) {
        List<UndoEntry> gone = history.clear(root, fence);
        if (!gone.isEmpty()) {
            LOG.warn(
                    "{}: {} steps under {} can be undone no more, since another process has made a transaction there",
                    engine,
                    gone.size(),
                    root);
            tell(Change.OVERTAKEN, root, gone);
        }
    }

    /** As the store says, under a lock of its own. */
    void moved(LockPath from, LockPath to) {
        try {
            history.moved(from, to);
        } catch (RuntimeException | Error failed) {
            LOG.error("{}: the history does not know that {} is {} now", engine, from, to, failed);
        }
    }

    /**
     * Checks that nobody removes an object under his own hands.
     *
     * @throws LockConfigurationException if a transaction of the flow has it
     */
    void checkMayRemove(LockOwner flow, LockPath path) {
        Transaction own = open.of(flow, path);
        if (own != null) {
            throw new LockConfigurationException(path + " cannot be removed while the transaction \"" + own.name()
                    + "\" of the same flow is open, which could not be restored any more; end it first");
        }
    }
}
