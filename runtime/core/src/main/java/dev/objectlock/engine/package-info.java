/**
 * The engine between the door and a backend. Not exported.
 *
 * <p>{@link dev.objectlock.engine.Engine} answers the door; {@link dev.objectlock.engine.Acquisition} is the one place
 * that takes and waits; a {@link dev.objectlock.engine.Flow} has its {@link dev.objectlock.engine.ScopedHold}s, which
 * are joined, and a {@link dev.objectlock.engine.Binding} ties owner, flow and engine to a thread.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.engine;
