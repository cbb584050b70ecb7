package dev.objectlock.weave;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.LockObserver.ObservedCall;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockParent;
import dev.objectlock.annotation.LockTransaction;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.Unrestricted;
import dev.objectlock.backend.Claim;
import dev.objectlock.engine.Engine;
import dev.objectlock.engine.Waiting;
import dev.objectlock.grammar.GrammarException;
import dev.objectlock.grammar.PathTemplate;
import dev.objectlock.path.LockablePaths;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the annotations of one method and its class say, read once and checked. Immutable; thread-safe. */
public final class WovenMethod {

    /** What is to be done around a call. */
    enum Kind {
        /** Nothing. */
        EXEMPT,
        /** What an engine makes of it, since some text has a property. */
        BY_ENGINE,
        /** Nothing, and nothing on the same instance inside. */
        UNRESTRICTED,
        /** Guards, locks, releases. */
        RESTRICTED
    }

    private final Kind kind;
    private final ResultKind result;
    private final List<GuardSpec> guards;
    private final List<LockSpec> locks;
    private final List<ReleaseSpec> releases;
    private final @Nullable TransactionSpec transaction;
    private final Waiting waiting;
    private final boolean oneGuard;
    private final boolean unrestricted;
    private final boolean keeps;
    private final boolean interrupts;
    private final boolean takesMonitor;
    private final ObservedCall observed;

    /** For one that an engine must be asked about; null for all others. */
    private final @Nullable PerEngine perEngine;

    private WovenMethod(
            Kind kind,
            boolean unrestricted,
            ResultKind result,
            List<GuardSpec> guards,
            List<LockSpec> locks,
            List<ReleaseSpec> releases,
            @Nullable TransactionSpec transaction,
            String name,
            @Nullable PerEngine perEngine) {
        this.perEngine = perEngine;
        this.transaction = transaction;
        this.observed = observedCall(name, locks, transaction);
        this.unrestricted = unrestricted;
        this.keeps = locks.stream().anyMatch(lock -> lock.kept() != null);
        this.interrupts = locks.stream().anyMatch(LockSpec::interrupts);
        this.takesMonitor = locks.stream().anyMatch(LockSpec::isMonitor);
        this.kind = kind;
        this.result = result;
        this.guards = guards;
        this.locks = locks;
        this.releases = releases;
        this.oneGuard = result.adapter() == null
                && locks.isEmpty()
                && releases.isEmpty()
                && transaction == null
                && guards.size() == 1
                && guards.get(0).paths().isSingle()
                && guards.get(0).skipIf().isNever();
        this.waiting =
                locks.stream().map(LockSpec::waiting).reduce(Waiting::and).orElse(Waiting.NOT);
    }

    private static WovenMethod passing(Kind kind) {
        return new WovenMethod(kind, false, ResultKind.VALUE, List.of(), List.of(), List.of(), null, "", null);
    }

    private static ObservedCall observedCall(String name, List<LockSpec> locks, @Nullable TransactionSpec transaction) {
        Set<LockMode> modes = EnumSet.noneOf(LockMode.class);
        locks.forEach(lock -> modes.add(lock.mode()));
        List<String> templates = new ArrayList<>();
        locks.forEach(lock -> templates.addAll(lock.paths().templates()));
        if (transaction != null && !transaction.isReader()) {
            modes.add(LockMode.MONITOR);
            templates.addAll(transaction.paths().templates());
        }
        return new ObservedCall(
                name,
                templates.stream().distinct().toList(),
                Collections.unmodifiableSet(modes),
                locks.stream().anyMatch(lock -> lock.kept() != null));
    }

    /** A method whose text has properties: what it says is different for each engine. An engine that is gone is forgotten. */
    private static final class PerEngine {

        private final Method method;
        private final String @Nullable [] parameterNames;
        private final Map<Engine, WovenMethod> known = Collections.synchronizedMap(new WeakHashMap<>());

        PerEngine(Method method, String @Nullable [] parameterNames) {
            this.method = method;
            this.parameterNames = parameterNames;
        }

        WovenMethod in(Engine engine) {
            WovenMethod read = known.get(engine);
            if (read == null) {
                read = read(method, parameterNames, engine.settings().properties());
                known.put(engine, read);
            }
            return read;
        }
    }

    /**
     * Reads a method. Where a text has a <code>${property}</code>, the rest is read when an engine is known.
     *
     * @param method the method, as its class declares it
     * @param parameterNames the names of its parameters as the weaver knows them, or null
     * @return what to do around its calls
     * @throws LockConfigurationException if an annotation is wrong
     */
    public static WovenMethod read(Method method, String @Nullable [] parameterNames) {
        return read(method, parameterNames, null);
    }

    private static WovenMethod read(
            Method method, String @Nullable [] parameterNames, @Nullable UnaryOperator<String> properties) {
        if (method.isBridge() || method.isSynthetic()) {
            return passing(Kind.EXEMPT);
        }
        Place place = new Place(method, parameterNames, properties == null ? UnaryOperator.identity() : properties);
        List<ObjectLock> locks = Annotations.find(method, ObjectLock.class);
        List<Guarded> guards = Annotations.find(method, Guarded.class);
        List<ReleaseLock> releases = Annotations.find(method, ReleaseLock.class);
        List<LockTransaction> transactions = Annotations.find(method, LockTransaction.class);
        boolean unrestricted = Annotations.has(method, Unrestricted.class)
                || locks.isEmpty() && guards.isEmpty() && overridesUnrestricted(method);
        if (unrestricted && !(locks.isEmpty() && guards.isEmpty())) {
            throw place.wrong("@Unrestricted together with @ObjectLock or @Guarded contradicts itself; keep one");
        }
        if (transactions.size() > 1 || unrestricted && !transactions.isEmpty()) {
            throw place.wrong(
                    unrestricted
                            ? "@Unrestricted together with @LockTransaction contradicts itself; keep one"
                            : "it has two @LockTransaction, and is one change; keep one, with several paths if need be");
        }
        if (unrestricted && releases.isEmpty()) {
            return passing(Kind.UNRESTRICTED);
        }
        if (!unrestricted && locks.isEmpty() && guards.isEmpty()) {
            List<ObjectLock> locksOfClass = Annotations.find(method.getDeclaringClass(), ObjectLock.class);
            List<Guarded> guardsOfClass = Annotations.find(method.getDeclaringClass(), Guarded.class);
            if (!(locksOfClass.isEmpty() && guardsOfClass.isEmpty()) && !isExemptFromClass(method)) {
                locks = locksOfClass;
                guards = guardsOfClass;
            }
        }
        if (locks.isEmpty() && guards.isEmpty() && releases.isEmpty() && transactions.isEmpty()) {
            return passing(Kind.EXEMPT);
        }
        if (Modifier.isStatic(method.getModifiers())) {
            throw place.wrong("static methods are not supported; use ObjectLocks.call in its body");
        }
        if (properties == null && haveProperty(locks, guards, releases, transactions)) {
            PerEngine perEngine = new PerEngine(method, parameterNames);
            return new WovenMethod(
                    Kind.BY_ENGINE,
                    unrestricted,
                    ResultKind.VALUE,
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    place.toString(),
                    perEngine);
        }
        ResultKind result = ResultKind.of(method, place);
        return new WovenMethod(
                Kind.RESTRICTED,
                unrestricted,
                result,
                guards.stream().map(guard -> GuardSpec.read(guard, place)).toList(),
                locks.stream().map(lock -> LockSpec.read(lock, place)).toList(),
                releases.stream()
                        .map(release -> ReleaseSpec.read(release, place))
                        .toList(),
                transactions.isEmpty() ? null : TransactionSpec.read(transactions.get(0), result, place),
                place.toString(),
                null);
    }

    private static boolean haveProperty(
            List<ObjectLock> locks,
            List<Guarded> guards,
            List<ReleaseLock> releases,
            List<LockTransaction> transactions) {
        Stream<String> texts = Stream.of(
                        locks.stream()
                                .flatMap(lock -> Stream.concat(
                                        Stream.of(lock.waitFor(), lock.lease(), lock.maxHold(), lock.skipIf()),
                                        Stream.of(lock.path()))),
                        guards.stream()
                                .flatMap(guard -> Stream.concat(Stream.of(guard.skipIf()), Stream.of(guard.path()))),
                        releases.stream()
                                .flatMap(release ->
                                        Stream.concat(Stream.of(release.skipIf()), Stream.of(release.path()))),
                        transactions.stream().flatMap(WovenMethod::texts))
                .flatMap(Function.identity());
        return texts.anyMatch(Place::hasProperty);
    }

    private static Stream<String> texts(LockTransaction transaction) {
        return Stream.concat(
                Stream.of(
                        transaction.name(),
                        transaction.from(),
                        transaction.to(),
                        transaction.waitFor(),
                        transaction.skipIf()),
                Stream.of(transaction.path()));
    }

    /** What is done in an engine: this or, where a text has a property, what that engine makes of it. */
    WovenMethod in(Engine engine) {
        return perEngine == null ? this : perEngine.in(engine);
    }

    /**
     * Returns whether anything is done around the calls of the method.
     *
     * @return false if a weaver may leave it alone
     */
    public boolean isWorthWeaving() {
        return kind != Kind.EXEMPT;
    }

    /**
     * Returns whether something is taken, checked or given back around the calls of the method.
     *
     * @return false for one that no annotation is about, and for one that is unrestricted
     */
    public boolean isRestricted() {
        return kind == Kind.RESTRICTED || kind == Kind.BY_ENGINE;
    }

    /**
     * Returns what is done in an engine, for a check before the first call.
     *
     * @param locks the engine
     * @return this or, where a text has a property, what that engine makes of it
     * @throws LockConfigurationException if an annotation is wrong
     */
    public WovenMethod in(ObjectLocks locks) {
        return locks instanceof Engine engine ? in(engine) : this;
    }

    /**
     * Checks before the first call that somebody knows how to restore what the method changes.
     *
     * @param locks the engine
     * @param target the class of the objects whose method it is
     * @throws LockConfigurationException if it is a transaction, and nobody who is registered may know its paths
     */
    public void checkParticipants(ObjectLocks locks, Class<?> target) {
        if (transaction != null && locks instanceof Engine engine) {
            transaction.checkParticipants(engine, target);
        }
    }

    /** What an observer is told of a call. */
    ObservedCall observed() {
        return observed;
    }

    Kind kind() {
        return kind;
    }

    ResultKind result() {
        return result;
    }

    List<GuardSpec> guards() {
        return guards;
    }

    /** Whether a call is checked once and that is all. */
    boolean isOneGuard() {
        return oneGuard;
    }

    List<ReleaseSpec> releases() {
        return releases;
    }

    /** What it changes, all or nothing; null if nothing was said. */
    @Nullable
    TransactionSpec transaction() {
        return transaction;
    }

    /** Whether what it calls on the same instance is exempt. */
    boolean isUnrestricted() {
        return unrestricted;
    }

    /** Whether its requests ask for kept holds too. */
    boolean keeps() {
        return keeps;
    }

    Waiting waiting() {
        return waiting;
    }

    /** The claims of one call, all of one request; none if everything is skipped. */
    List<Claim> claims(@Nullable Object target, @Nullable Object[] args) {
        if (locks.isEmpty()) {
            return List.of();
        }
        Claim only = locks.size() == 1 ? locks.get(0).onlyClaim(target, args) : null;
        if (only != null) {
            return List.of(only);
        }
        List<Claim> claims = new ArrayList<>(4);
        locks.forEach(lock -> lock.addClaims(target, args, claims));
        return claims;
    }

    /** Whether the body is interrupted when a hold is lost. */
    boolean interrupts() {
        return interrupts;
    }

    /** Whether the call may be granted a monitor. */
    boolean takesMonitor() {
        return takesMonitor;
    }

    /** What a rule of the class leaves alone without being asked. */
    private static boolean isExemptFromClass(Method method) {
        return !Modifier.isPublic(method.getModifiers())
                || Modifier.isStatic(method.getModifiers())
                || ResultKind.isChannel(method)
                || Annotations.hasNamed(method, "EventListener")
                || method.isAnnotationPresent(LockParent.class)
                || isOfObject(method)
                || method.getParameterCount() == 0 && isNamedAccessor(method);
    }

    /** An emergency stop stays one where a subclass makes it better. */
    private static boolean overridesUnrestricted(Method method) {
        for (Class<?> above = method.getDeclaringClass().getSuperclass();
                above != null;
                above = above.getSuperclass()) {
            for (Method other : above.getDeclaredMethods()) {
                if (other.getName().equals(method.getName())
                        && Arrays.equals(other.getParameterTypes(), method.getParameterTypes())
                        && Annotations.has(other, Unrestricted.class)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOfObject(Method method) {
        try {
            Object.class.getMethod(method.getName(), method.getParameterTypes());
            return true;
        } catch (NoSuchMethodException other) {
            return false;
        }
    }

    /** Whether the path of the object is made from this method: it could not be locked before it is called. */
    private static boolean isNamedAccessor(Method method) {
        Class<?> type = method.getDeclaringClass();
        return LockablePaths.accessorsOf(type).contains(method.getName())
                || namedByTemplates(type).contains(method.getName());
    }

    private static Set<String> namedByTemplates(Class<?> type) {
        List<String> templates = new ArrayList<>();
        Annotations.find(type, ObjectLock.class).forEach(lock -> templates.addAll(List.of(lock.path())));
        Annotations.find(type, Guarded.class).forEach(guard -> templates.addAll(List.of(guard.path())));
        for (Method other : type.getDeclaredMethods()) {
            Annotations.find(other, ObjectLock.class).forEach(lock -> templates.addAll(List.of(lock.path())));
            Annotations.find(other, Guarded.class).forEach(guard -> templates.addAll(List.of(guard.path())));
            Annotations.find(other, ReleaseLock.class).forEach(release -> templates.addAll(List.of(release.path())));
            Annotations.find(other, LockTransaction.class)
                    .forEach(transaction -> templates.addAll(List.of(transaction.path())));
        }
        Set<String> names = new java.util.HashSet<>();
        for (String template : templates) {
            try {
                PathTemplate.parse(template).segments().forEach(segment -> {
                    if (segment.placeholder() != null
                            && segment.placeholder().name().equals("this")
                            && !segment.placeholder().properties().isEmpty()) {
                        names.addAll(LockablePaths.accessorNames(
                                segment.placeholder().properties().get(0)));
                    }
                });
            } catch (GrammarException wrong) {
                // It is reported where it stands, when that method is read.
            }
        }
        return names;
    }
}
