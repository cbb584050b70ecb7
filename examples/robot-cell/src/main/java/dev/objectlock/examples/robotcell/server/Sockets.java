package dev.objectlock.examples.robotcell.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Closing of sockets. */
final class Sockets {

    private Sockets() {}

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }
}
