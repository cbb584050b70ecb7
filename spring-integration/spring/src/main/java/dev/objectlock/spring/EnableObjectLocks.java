package dev.objectlock.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * Makes {@code @ObjectLock}, {@code @Guarded}, {@code @ReleaseLock} and {@code @Unrestricted} work on the beans of an
 * application, and provides an {@link dev.objectlock.ObjectLocks} bean.
 *
 * <p>These beans of the application are used, if there are any: one {@link dev.objectlock.backend.LockBackend} (in memory
 * without it), one {@link dev.objectlock.LockAuthorizer}, one {@link dev.objectlock.SessionPolicy}, one
 * {@link dev.objectlock.LockObserver}, every {@link dev.objectlock.LockListener} and {@link ObjectLocksCustomizer}; or one
 * {@link dev.objectlock.ObjectLocks} instead of all of them. Events of locks are published as application events. One {@link
 * AttributeOverrides} has the last word on order and uncovered methods.
 *
 * <p>When the context starts, every annotated method of every bean is looked at. If an annotation is wrong, or a method
 * would be called without its lock, the context does not start.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(ObjectLocksSelector.class)
public @interface EnableObjectLocks {

    /**
     * The place of the locks among the interceptors of a bean: outside caching and {@code @Transactional}, whose default is
     * {@link Ordered#LOWEST_PRECEDENCE}, so that nobody reads what is not committed; inside method security, {@code @Async}
     * and retry, so that nobody waits who may not enter, and no lock is held while a retry waits.
     */
    int ORDER = Ordered.LOWEST_PRECEDENCE - 1;

    /**
     * How the locks get around the methods.
     *
     * @return {@link AdviceMode#PROXY}, the default: beans are wrapped, and methods that are woven already are passed by;
     *     {@link AdviceMode#ASPECTJ}: everything is woven, at compile time or at load time
     */
    AdviceMode mode() default AdviceMode.PROXY;

    /**
     * Whether beans are wrapped by subclasses rather than by their interfaces. As in the rest of Spring it then counts for
     * all proxies of the context.
     *
     * @return by default true, since annotations stand on methods of classes
     */
    boolean proxyTargetClass() default true;

    /**
     * The place among the interceptors of a bean.
     *
     * @return by default {@link #ORDER}; lower comes first. Change it where caching or {@code @Transactional} were given an
     *     order of their own
     */
    int order() default ORDER;

    /**
     * What to do at start-up about annotated methods that would be called without their locks.
     *
     * @return by default {@link Uncovered#FAIL}
     */
    Uncovered uncovered() default Uncovered.FAIL;

    /** What becomes of an application with annotated methods that are neither woven nor proxied. */
    enum Uncovered {
        /** It does not start. */
        FAIL,
        /** It starts, with a warning that names them. */
        WARN
    }
}
