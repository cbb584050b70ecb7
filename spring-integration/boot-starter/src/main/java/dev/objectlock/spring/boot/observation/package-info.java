/**
 * ObjectLock in Micrometer: {@link dev.objectlock.spring.boot.observation.LockObservationDocumentation} lists what is observed.
 * Path templates are told, never paths: there are as many paths as objects.
 */
@NullMarked
package dev.objectlock.spring.boot.observation;

import org.jspecify.annotations.NullMarked;
