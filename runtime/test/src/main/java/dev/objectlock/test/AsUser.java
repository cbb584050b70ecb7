package dev.objectlock.test;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Runs a test as a user; without it a test has no user. On a class it holds for all its tests. */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface AsUser {

    /**
     * The user.
     *
     * @return the name
     */
    String value();

    /**
     * The client.
     *
     * @return the name; by default the process itself
     */
    String client() default "";
}
