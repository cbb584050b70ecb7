/**
 * The embedded backend: holds in the memory of this process. The default, and the reference for every other backend.
 *
 * <p>How it is built: {@link dev.objectlock.memory.MemoryLockBackend} finds the {@code Tree} of a root, which is a mutex
 * of its own; a tree has its {@code TreeHolds} (an array while they are few, then {@code Node}s with counted {@code
 * HoldSet}s along the paths) and its {@code Line} of waiters. A tree that is empty is gone.
 *
 * <p>Order of the locks: a tree's mutex first, then that of {@code Clients}. Nothing foreign runs under either.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.memory;
