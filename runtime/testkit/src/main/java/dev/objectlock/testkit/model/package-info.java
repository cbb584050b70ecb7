/**
 * Random histories of a backend, compared step by step with a naive model of the rules that shares no code with the library:
 * see {@link dev.objectlock.testkit.model.HistoryCases}.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.testkit.model;
