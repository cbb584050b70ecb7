/**
 * Where holds are kept: for whoever writes a backend.
 *
 * <p>A {@link dev.objectlock.backend.LockBackend} is joined by each process, which then asks through its {@link
 * dev.objectlock.backend.JoinedProcess}. What is granted is decided by {@link dev.objectlock.backend.ConflictRule} and
 * the line of waiters, the same on every backend. A backend knows values only: it holds no caller's thread and runs no
 * user's code. Joining within a flow, waiting and its time limits belong to the engine.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.backend;
