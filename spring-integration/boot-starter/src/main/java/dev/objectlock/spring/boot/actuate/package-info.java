/** ObjectLock in the Actuator: who holds what, taking it away, and the health of the store. */
@NullMarked
package dev.objectlock.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
