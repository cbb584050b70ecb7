package dev.objectlock.redis.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A wire that can break, between one client and a server on this machine. Thread-safe; its threads are daemons and end with
 * their connections.
 */
final class TcpProxy implements AutoCloseable {

    private static final int CHUNK = 16 * 1024;

    /** How a connection ends. */
    enum How {
        /** As when a machine on the way fails. */
        RESET,
        /** As when a machine on the way is shut down. */
        CLOSED
    }

    private enum State {
        OPEN,
        REFUSING,
        SILENT,
        TEARING
    }

    /** One connection through it. */
    private static final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean swallowed;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void end(How how) {
            TcpProxy.end(client, how);
            TcpProxy.end(server, how);
        }
    }

    private final int target;
    private final ServerSocket door;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile State state = State.OPEN;
    private volatile long delayNanos;
    private volatile long repliedAt = System.nanoTime();

    TcpProxy(int target) {
        this.target = target;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        daemon("proxy-door-" + target, this::admit);
    }

    /** Where the client connects, on 127.0.0.1. */
    int port() {
        return door.getLocalPort();
    }

    /** Breaks every connection, at once and for both ends; new ones are made as before. */
    void cut() {
        links.forEach(link -> link.end(How.RESET));
    }

    /** Breaks every connection, and every new one as soon as it is made, until {@link #heal}. */
    void refuse() {
        state = State.REFUSING;
        cut();
    }

    /** What the client sends still arrives, and it hears nothing any more, until {@link #heal}. */
    void swallowReplies() {
        state = State.SILENT;
    }

    /** Half of the next reply arrives, and then the connection is closed; after that it works as before. */
    void tearNextReply() {
        state = State.TEARING;
    }

    /** Works again, and {@link How#RESET} is how connections end that have missed something. */
    void heal() {
        heal(How.RESET);
    }

    /**
     * Works again. A connection that has missed something ends: no wire leaves something out and goes on.
     *
     * @param how how it ends
     */
    void heal(How how) {
        state = State.OPEN;
        links.stream().filter(link -> link.swallowed).forEach(link -> link.end(how));
    }

    /**
     * Has every piece of a reply take longer from now on.
     *
     * @param more how much; zero for no delay
     */
    void delay(Duration more) {
        delayNanos = more.toNanos();
    }

    /** Whether a connection that is still there has missed something. */
    boolean hasSwallowed() {
        return links.stream().anyMatch(link -> link.swallowed);
    }

    /** When the client last heard something, as {@code nanoTime}. */
    long repliedAt() {
        return repliedAt;
    }

    private void admit() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (state == State.REFUSING) {
                    end(client, How.RESET);
                } else {
                    connect(client);
                }
            } catch (IOException closed) {
                // The door was closed, or the client was gone already.
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Link link = new Link(client, server);
            links.add(link);
            daemon("proxy-requests-" + target, () -> pump(link, client, server, false));
            daemon("proxy-replies-" + target, () -> pump(link, server, client, true));
        } catch (IOException noServer) {
            end(client, How.RESET);
        }
    }

    /** How one end has ended is how the other will. */
    private void pump(Link link, Socket from, Socket to, boolean replies) {
        byte[] chunk = new byte[CHUNK];
        How how = How.CLOSED;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (replies) {
                    if (isSwallowed(link)) {
                        continue;
                    }
                    LockSupport.parkNanos(delayNanos);
                    repliedAt = System.nanoTime();
                    if (state == State.TEARING) {
                        state = State.OPEN;
                        out.write(chunk, 0, read / 2);
                        break;
                    }
                }
                out.write(chunk, 0, read);
            }
        } catch (IOException broken) {
            how = How.RESET;
        }
        link.end(how);
        links.remove(link);
    }

    /** Whether a reply is not passed on. */
    private boolean isSwallowed(Link link) throws IOException {
        boolean silent = state == State.SILENT;
        link.swallowed |= silent;
        if (link.swallowed && state != State.SILENT) {
            throw new IOException("healed meanwhile");
        }
        return silent;
    }

    private static void end(Socket socket, How how) {
        try {
            if (how == How.RESET) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException gone) {
            // Closed already.
        }
        try {
            socket.close();
        } catch (IOException gone) {
            // Then nothing is left to close.
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        cut();
    }
}
