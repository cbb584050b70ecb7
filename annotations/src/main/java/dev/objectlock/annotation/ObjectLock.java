package dev.objectlock.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Takes a lock on the object that a method touches, for the time of the call or until it is released.
 *
 * <p>On a class it holds for the class's public instance methods, those of subclasses included. What carries events or
 * data streams is exempt there without being asked: methods that return a stream or publisher, {@code @EventListener}
 * methods, the methods of {@code Object}, accessors that a template names, and everything marked {@link Unrestricted}.
 * On a method it replaces what the class says. Repeated, and with several paths, it is one request: all or nothing,
 * with one wait time. It may stand on an annotation of your own, one level deep; on a class, such an annotation holds for
 * the methods that this class declares, and subclasses repeat it.
 *
 * <p>On a method it holds for the body it stands on: annotations on an interface method are not seen, a method that
 * overrides another repeats them, and static methods are not supported. A class that has not been woven is not locked.
 *
 * <p>On a method that returns a {@code CompletionStage} or {@code CompletableFuture} the hold ends when that completes,
 * fails or is cancelled, and only then does the caller's stage complete. On a method that returns a {@code
 * Flow.Publisher}, or with {@code objectlock-spring} a {@code Mono} or {@code Flux}, each subscription takes the lock and gives
 * it back before its subscriber is told of the end, or when that cancels; what a subscription took to be kept is given back if
 * it fails or is cancelled.
 *
 * @see Guarded
 * @see ReleaseLock
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Repeatable(ObjectLock.List.class)
public @interface ObjectLock {

    /**
     * The path templates of the objects to lock, for instance {@code cell:{cell}/robot}; see the package page.
     *
     * @return the templates; by default none, which means the path of the target object (see {@link Lockable})
     */
    String[] path() default {};

    /**
     * Who else is admitted. It has no default: who is shut out is the one thing that each use must say.
     *
     * @return the mode
     */
    LockMode mode();

    /**
     * What the lock covers.
     *
     * @return the scope; by default the tree for USER and CLIENT, the object alone for MONITOR
     */
    LockScope scope() default LockScope.BY_MODE;

    /**
     * Whether readers are shut out.
     *
     * @return the access; by default {@link LockAccess#EXCLUSIVE}
     */
    LockAccess access() default LockAccess.EXCLUSIVE;

    /**
     * Whether the lock outlives the call.
     *
     * <p>{@code false}: it ends with the call, or with the stage that the method returns. {@code true}: besides, in the
     * same request, a kept hold is taken that stays until it is released or the session ends. If the method throws, the
     * kept hold is given back only if this call took it. Taking a kept hold again renews it.
     *
     * @return whether to keep; by default no
     */
    boolean keep() default false;

    /**
     * How long to wait while somebody is in the way: a duration, {@code 0s} or {@code forever}.
     *
     * @return the wait; by default only for what ends soon, i.e. running calls: 2 s for USER and CLIENT, 15 s for
     *     MONITOR, and not at all with {@link #keep}; a kept lock of somebody else is an error at once
     */
    String waitFor() default "";

    /**
     * How long the kept hold may lie unused before it ends. Taking it again is use, and so is any woven call of an owner
     * it belongs to, on what it covers, while it runs. (A {@link Guarded} call uses what is kept when it begins.)
     *
     * @return a duration; by default none, for MONITOR 15 s
     */
    String lease() default "";

    /**
     * When the hold ends however much it is used: with {@link #keep} the kept one, and the call keeps its own to its end; else
     * that of the call, which then throws {@code LockLostException}.
     *
     * @return a duration; by default none
     */
    String maxHold() default "";

    /**
     * With MONITOR: makes the object a counting lock with this many slots. Each call takes one, whoever it is; with {@link
     * #keep} it is kept, and ends by its lease or its handle, not by a release of the object.
     *
     * @return the number of slots; by default 0, no counting lock
     */
    int slots() default 0;

    /**
     * A boolean placeholder such as {@code {dryRun}}: if it is true, the call takes no lock.
     *
     * @return the placeholder; by default none
     */
    String skipIf() default "";

    /**
     * What happens to the running call when its hold is lost.
     *
     * @return by default {@link OnLost#THROW}
     */
    OnLost onLost() default OnLost.THROW;

    /** Several locks on one method or class: one request. */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
    @interface List {
        /**
         * The locks.
         *
         * @return all of them, in the order of the source
         */
        ObjectLock[] value();
    }
}
