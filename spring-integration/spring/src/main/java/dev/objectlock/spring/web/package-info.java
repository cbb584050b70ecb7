/**
 * Who asks over the web: {@link dev.objectlock.spring.web.ObjectLockFilter} for HTTP, where a session is a client, and
 * {@link dev.objectlock.spring.web.ObjectLockWebSocketHandler} with
 * {@link dev.objectlock.spring.web.ObjectLockChannelInterceptor} for WebSockets, where a connection is one.
 */
@NullMarked
package dev.objectlock.spring.web;

import org.jspecify.annotations.NullMarked;
