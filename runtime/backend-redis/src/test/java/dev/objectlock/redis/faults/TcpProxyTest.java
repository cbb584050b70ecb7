package dev.objectlock.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broken wire breaks as wires do. */
class TcpProxyTest {

    private static final int SHORT_MS = 200;
    private static final int LONG_MS = 10_000;

    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::echo);
        server.setDaemon(true);
        server.start();
        proxy = new TcpProxy(echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void whatIsSentComesBack() throws IOException {
        try (Socket client = client()) {
            assertThat(said(client, 7)).isEqualTo(7);
        }
    }

    @Test
    void aCutBreaksTheConnectionAndANewOneWorks() throws IOException {
        try (Socket client = client()) {
            said(client, 1);
            proxy.cut();
            assertThatThrownBy(() -> said(client, 2)).isInstanceOf(SocketException.class);
        }
        whatIsSentComesBack();
    }

    @Test
    void noConnectionLastsWhileItRefuses() throws IOException {
        proxy.refuse();
        try (Socket client = client()) {
            assertThatThrownBy(() -> said(client, 1)).isInstanceOf(SocketException.class);
        }
        proxy.heal();
        whatIsSentComesBack();
    }

    @Test
    void aConnectionThatMissedAReplyIsBrokenWhenTheWireHeals() throws IOException {
        try (Socket client = client()) {
            said(client, 1);
            proxy.swallowReplies();
            client.setSoTimeout(SHORT_MS);
            assertThatThrownBy(() -> said(client, 2)).isInstanceOf(SocketTimeoutException.class);
            client.setSoTimeout(LONG_MS);
            proxy.heal();
            assertThatThrownBy(() -> said(client, 3)).isInstanceOf(SocketException.class);
        }
        whatIsSentComesBack();
    }

    @Test
    void aTornReplyArrivesByHalf() throws IOException {
        try (Socket client = client()) {
            said(client, 1);
            proxy.tearNextReply();
            client.getOutputStream().write(new byte[] {2, 3, 4, 5});
            assertThat(client.getInputStream().readAllBytes()).containsExactly(2, 3);
        }
        whatIsSentComesBack();
    }

    @Test
    void aDelayedReplyTakesLonger() throws IOException {
        try (Socket client = client()) {
            said(client, 1);
            proxy.delay(Duration.ofMillis(SHORT_MS));
            long before = System.nanoTime();
            assertThat(said(client, 2)).isEqualTo(2);
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT_MS * 1_000_000L);
        }
    }

    private Socket client() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(LONG_MS);
        return client;
    }

    private static int said(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        int answer = client.getInputStream().read();
        if (answer < 0) {
            throw new SocketException("ended");
        }
        return answer;
    }

    private void echo() {
        try {
            while (!echo.isClosed()) {
                Socket one = echo.accept();
                Thread talk = new Thread(() -> talk(one));
                talk.setDaemon(true);
                talk.start();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void talk(Socket one) {
        byte[] said = new byte[16];
        try (one) {
            for (int length = one.getInputStream().read(said);
                    length >= 0;
                    length = one.getInputStream().read(said)) {
                one.getOutputStream().write(said, 0, length);
            }
        } catch (IOException broken) {
            // As the test wants it.
        }
    }
}
