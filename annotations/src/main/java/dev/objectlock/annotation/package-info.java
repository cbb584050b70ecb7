/**
 * The annotations that put locks on domain objects: for whoever annotates.
 *
 * <p>{@link dev.objectlock.annotation.ObjectLock} takes a lock around a call, {@link dev.objectlock.annotation.Guarded}
 * takes nothing and checks, {@link dev.objectlock.annotation.ReleaseLock} gives back what is kept, and {@link
 * dev.objectlock.annotation.Unrestricted} exempts. {@link dev.objectlock.annotation.Lockable} and {@link
 * dev.objectlock.annotation.LockParent} say which path an object has.
 *
 * <p><b>Path templates</b> are segments separated by {@code /}. A segment is text, one {@code {placeholder}}, or text
 * with one placeholder ({@code cell:{cell}}). A placeholder is a parameter name or {@code this}, then properties:
 * {@code {draft.uid}}. A value that is a {@code LockPath} or an instance of a {@code @Lockable} class stands for its
 * whole path and must be the whole first segment ({@code {this}/gripper}). Any other value is (part of) one segment:
 * text, a whole number, a boolean, an enum constant, a UUID, or a type that overrides {@code toString}; a {@code /} or
 * {@code %} in it is escaped. Paths are worked out once, before the call.
 *
 * <p><b>Durations</b> are {@code 500ms}, {@code 15s}, {@code 1m}, {@code 2h}, {@code 1d} or ISO-8601 ({@code PT1M30S}),
 * and {@code forever} where a wait is meant.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.annotation;
