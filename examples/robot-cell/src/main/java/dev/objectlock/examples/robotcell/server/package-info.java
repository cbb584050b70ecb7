/** The line protocol: a server, its connections and the verbs. Each connection is a client with a session of its own. */
@NullMarked
package dev.objectlock.examples.robotcell.server;

import org.jspecify.annotations.NullMarked;
