package dev.objectlock.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method is one named change of declared extents: nobody else changes them meanwhile, all of it happens or nothing, and it
 * can be undone.
 *
 * <pre>{@code
 * @LockTransaction(name = "Transpose by {semitones}", path = "score:{score}/part:{part}", from = "{start}", to = "{end}")
 * void transpose(String score, int part, long start, long end, int semitones) { ... }
 * }</pre>
 *
 * <p>It takes an EXCLUSIVE MONITOR on each extent, in the flow of its caller, and waits for other flows. Then the objects'
 * {@code UndoParticipant} captures the extents: the target object itself if it is one, else the one that was registered for
 * the path. Whatever the method throws, they are restored and nothing is recorded. When it returns, a step with the name is put
 * on the undo stack of the root. A method that returns a {@code CompletionStage} ends with that.
 *
 * <p>It adds to what the class says and to other annotations on the method: guards, then locks, then the transaction, then the
 * body.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface LockTransaction {

    /**
     * The name of the change, as an Undo menu shows it: text with any number of placeholders.
     *
     * @return the name; needed unless {@link #readOnly} is set
     */
    String name() default "";

    /**
     * The path templates of the objects that the method changes, all under one root.
     *
     * @return the templates; by default the path of the target object
     */
    String[] path() default {};

    /**
     * Where the extent begins, in each of the objects: a whole number, or one placeholder of a whole number.
     *
     * @return the first position; by default the whole object, and then {@link #to} must be left out too
     */
    String from() default "";

    /**
     * Where the extent ends, in each of the objects: a whole number, or one placeholder of a whole number.
     *
     * @return the position behind the last; by default the whole object
     */
    String to() default "";

    /**
     * What it does where a transaction is open already in its flow.
     *
     * @return by default it is part of that one
     */
    LockPropagation propagation() default LockPropagation.REQUIRED;

    /**
     * A reader: it takes nothing, never waits, and sees whatever is there. It must not be called in a transaction that changes
     * something, and must not begin one.
     *
     * @return by default false
     */
    boolean readOnly() default false;

    /**
     * How long to wait for whatever is in the way: a duration, {@code 0s}, or {@code forever}.
     *
     * @return by default 15 s for calls and transactions of others, and not at all for kept locks
     */
    String waitFor() default "";

    /**
     * A boolean placeholder such as {@code {dryRun}}: if it is true, the method runs without a transaction.
     *
     * @return the placeholder; by default none
     */
    String skipIf() default "";
}
