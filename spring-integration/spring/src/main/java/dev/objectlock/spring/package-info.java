/**
 * ObjectLock in Spring: {@link dev.objectlock.spring.EnableObjectLocks} and the beans that an application may add to.
 *
 * <p>With Spring Boot, {@code objectlock-spring-boot-starter} does all of it.
 */
@NullMarked
package dev.objectlock.spring;

import org.jspecify.annotations.NullMarked;
