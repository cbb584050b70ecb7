package dev.objectlock.weave;

import java.util.ServiceLoader;

/**
 * Makes the locks of a method last as long as the work that its result stands for: for a type that carries work beyond the
 * return, such as a reactive type. An adapter is one class.
 *
 * <p>Adapters are found with {@link ServiceLoader} when a method is first read, by the class loader of the method's class and
 * then by that of this interface. One whose types are not there must be made without them, and adapt nothing. The first
 * that adapts a return type has it; without one, a type that is known to carry work is refused by name. Thread-safe.
 */
public interface ResultAdapter {

    /**
     * Returns whether this adapter is for methods of a return type.
     *
     * @param returnType the type as the method declares it
     * @return true if {@link #adapt} takes what such a method returns, and makes something of the same type from it
     */
    boolean adapts(Class<?> returnType);

    /**
     * Returns whether a type that it adapts carries many values. Then it is a channel: what its class says does not hold for
     * the method, and each subscription is a flow of its own wherever it is made. Of a type that carries one value at most, a
     * subscription made inside a call with a lock goes on with the flow of that call.
     *
     * @param returnType a type that it adapts
     * @return true for a stream
     */
    boolean isStream(Class<?> returnType);

    /**
     * Wraps a result. Nothing is taken by this: each subscription to what is returned {@linkplain LockedWork#begin begins} by
     * itself, and ends what it was granted before its subscriber is told of the end.
     *
     * @param result what the method returned; never null
     * @param work what each subscription has to take
     * @return what the caller gets instead, assignable to the return type
     */
    Object adapt(Object result, LockedWork work);
}
