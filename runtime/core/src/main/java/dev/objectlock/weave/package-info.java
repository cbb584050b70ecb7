/**
 * From an annotated method to its locks: for whoever weaves.
 *
 * <p>A {@link dev.objectlock.weave.WovenMethod} is what the annotations of one method say, read once. A {@link
 * dev.objectlock.weave.WovenCall} is the one template around every call: a weaver enters it, runs the body, and tells it
 * how the body ended. Weavers only translate.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.weave;
