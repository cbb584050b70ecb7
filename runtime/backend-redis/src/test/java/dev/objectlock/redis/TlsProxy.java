package dev.objectlock.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Speaks TLS to clients, with a certificate for {@code localhost} of its own, and plain TCP to a server. */
final class TlsProxy implements AutoCloseable {

    static final String PASSWORD = "changeit";

    private final Path keys;
    private final int serverPort;
    private final SSLServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TlsProxy(Path keys, int serverPort, SSLServerSocket listening) {
        this.keys = keys;
        this.serverPort = serverPort;
        this.listening = listening;
    }

    /**
     * Starts one.
     *
     * @param folder where its keys may lie
     * @param serverPort of the server on this machine
     */
    static TlsProxy before(Path folder, int serverPort)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path keys = keys(folder);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        TlsProxy proxy = new TlsProxy(
                keys, serverPort, (SSLServerSocket) tls.getServerSocketFactory().createServerSocket(0));
        proxy.threads.execute(proxy::accept);
        return proxy;
    }

    /** With the tool that every JDK has. */
    private static Path keys(Path folder) throws IOException, InterruptedException {
        Path keys = folder.resolve("keys.p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = List.of(
                tool.toString(),
                "-genkeypair",
                "-alias",
                "redis",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD);
        Process made = new ProcessBuilder(command).inheritIO().start();
        if (made.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + command);
        }
        return keys;
    }

    /** What trusts this one, and nobody else. */
    Path trust() {
        return keys;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                open.add(client);
                open.add(server);
                threads.execute(() -> pass(client, server));
                threads.execute(() -> pass(server, client));
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[8192];
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                out.write(some, 0, count);
                out.flush();
            }
        } catch (IOException ended) {
            // A client that does not trust the certificate ends it, or either side is closed.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
