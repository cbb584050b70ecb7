/**
 * The embedded backend: holds in the memory of this process. The default, and the reference for every other backend.
 *
 * <p>How it is built: {@link dev.objectlock.memory.MemoryLockBackend} finds the {@code Tree} of a root, which is a mutex
 * of its own and has a line of {@code Waiter}s. Its {@code Holdings} come and go by the rules; as {@code TreeHolds} they lie
 * in an array while they are few, then in {@code Node}s with counted {@code HoldSet}s along the paths. A tree that is empty
 * is gone.
 *
 * <p>Order of the locks: a tree's mutex first, then that of {@code Clients}. Nothing foreign runs under either.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.memory;
