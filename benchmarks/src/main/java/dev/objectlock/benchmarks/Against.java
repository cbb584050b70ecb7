package dev.objectlock.benchmarks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a figure is compared with on the page of results. The peer is always one of the same run. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Against {

    /**
     * The peer: {@code lockMap} is another method of the same class, {@code holds=10} the same method with another
     * parameter, {@code OneThread} the same method in the class of that name beside its own.
     *
     * @return one of the three
     */
    String value();

    /**
     * What the project wants of it.
     *
     * @return empty if the comparison is for information only
     */
    String target() default "";
}
