/**
 * For tests of code that uses locks: an engine of its own for each test, a time that stands still until it is told, and
 * the check that nothing is held and nobody waits afterwards.
 *
 * <pre>{@code
 * @ExtendWith(ObjectLocksExtension.class)
 * class RobotTest {
 *     @Test
 *     @AsUser("alice")
 *     void aLeaseEnds(ObjectLocks locks, TestTime time) { ... }
 * }
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.test;
