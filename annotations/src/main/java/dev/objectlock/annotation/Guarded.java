package dev.objectlock.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Takes no lock, but checks before the body that nobody's lock keeps the caller out.
 *
 * <p>The check is made once, before the body: a lock that somebody takes while the body runs does not wait for it. Use
 * {@link ObjectLock} where the whole body needs to be alone. On a class it holds for the public instance methods, with
 * the same exemptions as {@link ObjectLock}; on a method it replaces what the class says.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
public @interface Guarded {

    /**
     * The path templates of the objects to check.
     *
     * @return the templates; by default the path of the target object
     */
    String[] path() default {};

    /**
     * The access that the body needs.
     *
     * @return {@link LockAccess#SHARED} for a body that only reads; by default {@link LockAccess#EXCLUSIVE}
     */
    LockAccess access() default LockAccess.EXCLUSIVE;

    /**
     * What the body touches.
     *
     * @return by default the object alone
     */
    LockScope scope() default LockScope.OBJECT;

    /**
     * Whether it is enough that nobody else is in the way.
     *
     * @return by default {@link Require#ADMITTED}
     */
    Require require() default Require.ADMITTED;

    /**
     * A boolean placeholder such as {@code {dryRun}}: if it is true, nothing is checked.
     *
     * @return the placeholder; by default none
     */
    String skipIf() default "";
}
