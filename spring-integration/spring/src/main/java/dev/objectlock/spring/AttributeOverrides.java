package dev.objectlock.spring;

import dev.objectlock.spring.EnableObjectLocks.Uncovered;
import org.jspecify.annotations.Nullable;

/**
 * What stands instead of attributes of {@link EnableObjectLocks}: a bean for whoever knows them from elsewhere than code,
 * such as the properties of Spring Boot. Without such a bean the attributes stand.
 *
 * @param order the place among the interceptors of a bean, or null for {@link EnableObjectLocks#order}
 * @param uncovered what becomes of methods that would be called without their locks, or null for {@link
 *     EnableObjectLocks#uncovered}
 */
public record AttributeOverrides(@Nullable Integer order, @Nullable Uncovered uncovered) {}
