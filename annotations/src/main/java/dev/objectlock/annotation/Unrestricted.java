package dev.objectlock.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Exempts a method from what its class says: streams, events, an emergency stop.
 *
 * <p>Whatever the method calls on the same instance is exempt too, so that an emergency stop is not stopped by its own
 * {@code setSpeed}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface Unrestricted {}
