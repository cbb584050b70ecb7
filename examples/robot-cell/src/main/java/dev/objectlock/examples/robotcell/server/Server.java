package dev.objectlock.examples.robotcell.server;

import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.ObjectLocks;
import dev.objectlock.Privilege;
import dev.objectlock.examples.robotcell.cell.Cell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Serves one cell on a port of this machine. There is no password, so nobody else may connect. */
public final class Server implements AutoCloseable {

    private static final String SUPERVISOR = "sup";

    private final ServerSocket socket;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Cell cell = new Cell(1);
    private final ObjectLocks locks = ObjectLocks.builder()
            .authorizer(Server::privileges)
            .listener(this::tellEverybody)
            .build();
    private final Verbs verbs = new Verbs(cell, locks);

    private Server(ServerSocket socket) {
        this.socket = socket;
    }

    /**
     * Starts a server.
     *
     * @param port the port, or 0 for any
     * @return the server, which accepts connections from now on
     * @throws IOException if the port is taken
     */
    public static Server start(int port) throws IOException {
        Server server = new Server(new ServerSocket(port, 0, InetAddress.getLoopbackAddress()));
        thread("accept", server::acceptAll).start();
        return server;
    }

    public int port() {
        return socket.getLocalPort();
    }

    public ObjectLocks locks() {
        return locks;
    }

    private static Set<Privilege> privileges(LockOwner owner) {
        return SUPERVISOR.equals(owner.user())
                ? EnumSet.of(Privilege.OBJECTLOCK, Privilege.OBJECTLOCKOVERRIDE)
                : EnumSet.of(Privilege.OBJECTLOCK);
    }

    private void tellEverybody(LockEvent event) {
        connections.forEach(connection -> connection.tell(event));
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket accepted = socket.accept();
                thread("connection", () -> serve(accepted)).start();
            }
        } catch (IOException closed) {
            // The one way to end: close().
        }
    }

    private void serve(Socket accepted) {
        Connection connection = new Connection(accepted, locks, verbs);
        connections.add(connection);
        try {
            connection.run();
        } finally {
            connections.remove(connection);
        }
    }

    /** Cuts all connections off and ends all locks. */
    @Override
    public void close() {
        Sockets.close(socket);
        connections.forEach(Connection::close);
        cell.close();
        locks.close();
    }

    static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
