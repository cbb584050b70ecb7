package dev.objectlock.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which path the instances of a class have.
 *
 * <p>Placeholders are properties of the instance: {@code @Lockable(path = "cell:{id}")}. If the class has a {@link
 * LockParent} the path is relative to the path of the object above.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Lockable {

    /**
     * The template of an instance's path, or of its last part where there is an object above.
     *
     * @return the template
     */
    String path();
}
