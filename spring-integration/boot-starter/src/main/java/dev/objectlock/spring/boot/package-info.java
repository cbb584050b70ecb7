/**
 * ObjectLock in Spring Boot: what the starter sets up, and the properties {@code objectlock.*}.
 *
 * <p>One auto-configuration for each concern: the locks themselves, tasks, and below this package the web, Redis, the
 * Actuator and Micrometer.
 */
@NullMarked
package dev.objectlock.spring.boot;

import org.jspecify.annotations.NullMarked;
