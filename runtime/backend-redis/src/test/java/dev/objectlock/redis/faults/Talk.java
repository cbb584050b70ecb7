package dev.objectlock.redis.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/** A worker's end of a connection to the resource: says one line, and hears one. Thread-safe. */
final class Talk implements AutoCloseable {

    /** The resource is gone, and so is the run: the worker ends. */
    static final class RunOver extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RunOver(Throwable cause) {
            super(cause);
        }
    }

    private final Line line;

    Talk(int port, String hello) {
        try {
            line = new Line(new Socket(InetAddress.getLoopbackAddress(), port));
            line.write(hello);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    synchronized String say(String text) {
        try {
            line.write(text.replaceAll("\\s+", " "));
            String answer = line.read();
            if (answer == null) {
                throw new RunOver(null);
            }
            return answer;
        } catch (IOException gone) {
            throw new RunOver(gone);
        }
    }

    @Override
    public void close() {
        try {
            line.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
