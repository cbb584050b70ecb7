/**
 * The one grammar of path templates, placeholders and durations, used by whatever reads an annotation: at compile time,
 * at start-up and at first sight, with the same words.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.grammar;
