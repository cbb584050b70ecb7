package dev.objectlock.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives back, after the call, the caller's kept holds that it found on the objects before the call.
 *
 * <p>They are given back by their ids, wherever they have moved meanwhile; a hold that was taken during the call stays.
 * Nothing there to release is not an error. It adds to what the class says and to other annotations on the method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface ReleaseLock {

    /**
     * The path templates of the objects to release.
     *
     * @return the templates; by default the path of the target object
     */
    String[] path() default {};

    /**
     * The modes to release.
     *
     * @return by default none, which means all three
     */
    LockMode[] mode() default {};

    /**
     * When to give back.
     *
     * @return by default {@link ReleaseOn#SUCCESS}
     */
    ReleaseOn on() default ReleaseOn.SUCCESS;

    /**
     * A boolean placeholder such as {@code {dryRun}}: if it is true, nothing is released.
     *
     * @return the placeholder; by default none
     */
    String skipIf() default "";
}
