/**
 * Locks on domain objects, in code: for whoever calls.
 *
 * <p>The door is {@link dev.objectlock.ObjectLocks}: it takes a {@link dev.objectlock.LockRequest} on a {@link
 * dev.objectlock.LockPath} and gives a {@link dev.objectlock.Hold}. Who asks is a {@link dev.objectlock.LockOwner},
 * carried by the {@link dev.objectlock.OwnerContext}. Every error is a {@link dev.objectlock.LockException}.
 *
 * <p>Memory effects: what a flow did before it gave a hold back <i>happens-before</i> whatever follows a conflicting
 * grant in the same process.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock;
