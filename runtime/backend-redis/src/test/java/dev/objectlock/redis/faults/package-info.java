/**
 * Fault runs: several JVMs, a real server, and everything that goes wrong between them. README.md in this folder says how to
 * start a long one.
 */
@org.jspecify.annotations.NullMarked
package dev.objectlock.redis.faults;
