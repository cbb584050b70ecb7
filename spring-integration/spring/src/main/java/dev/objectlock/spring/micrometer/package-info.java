/** Carries owners with Micrometer's context propagation, which finds {@code OwnerAccessor} by itself. */
@NullMarked
package dev.objectlock.spring.micrometer;

import org.jspecify.annotations.NullMarked;
