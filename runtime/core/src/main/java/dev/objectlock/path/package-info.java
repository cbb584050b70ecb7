/** From path templates and objects to paths: how placeholders are found, read and written as segments. Not exported. */
@org.jspecify.annotations.NullMarked
package dev.objectlock.path;
