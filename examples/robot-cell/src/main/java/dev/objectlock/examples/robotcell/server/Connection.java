package dev.objectlock.examples.robotcell.server;

import dev.objectlock.ClientSession;
import dev.objectlock.LockEvent;
import dev.objectlock.LockException;
import dev.objectlock.LockOwner;
import dev.objectlock.Loss;
import dev.objectlock.ObjectLocks;
import dev.objectlock.examples.robotcell.cell.Pose;
import dev.objectlock.examples.robotcell.cell.StoppedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection, and once it has logged in one client.
 *
 * <p>Its lines are carried out one after the other by a worker, so that the reader is free to notice two things while a
 * line takes its time: an emergency stop, and the end of the connection.
 */
final class Connection implements Runnable {

    private static final int MOST_LINES_WAITING = 100;

    private final Socket socket;
    private final ObjectLocks locks;
    private final Verbs verbs;
    private final Outbox outbox;
    private final ThreadPoolExecutor worker;
    private volatile @Nullable ClientSession session;
    private volatile boolean ended;
    private volatile @Nullable Watch watch;

    Connection(Socket socket, ObjectLocks locks, Verbs verbs) {
        this.socket = socket;
        this.locks = locks;
        this.verbs = verbs;
        this.outbox = new Outbox(socket);
        this.worker = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_LINES_WAITING),
                line -> Server.thread("worker", line),
                (line, full) ->
                        outbox.send(Reply.error("too many lines at once").toString()));
    }

    /** Reads lines until the connection ends, in whatever way. */
    @Override
    public void run() {
        Server.thread("outbox", outbox).start();
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                accept(line);
            }
        } catch (IOException lost) {
            // A connection that breaks ends like one that was closed.
        } finally {
            end();
        }
    }

    private void accept(String line) {
        if (verbs.isUrgent(line)) {
            answer(line);
        } else if (!line.isBlank()) {
            worker.execute(() -> answer(line));
        }
    }

    private void answer(String line) {
        outbox.send(replyTo(line).toString());
        if (ended) {
            outbox.finish();
        }
    }

    private Reply replyTo(String line) {
        String subject = "-";
        try {
            Verbs.Command command = verbs.parse(line);
            subject = command.subject();
            ClientSession client = session;
            if (client != null) {
                // Whatever runs in here is this user on this client; the annotations ask for no more.
                return client.call(() -> command.run(this)).at(subject);
            }
            return command.verb().needsLogin()
                    ? Reply.error("log in first: login NAME")
                    : command.run(this).at(subject);
        } catch (BadLineException bad) {
            return Reply.failed(Reply.Status.ERROR, bad);
        } catch (StoppedException stopped) {
            return Reply.failed(Reply.Status.STOPPED, stopped).at(subject);
        } catch (LockException refused) {
            return Say.reply(refused).at(subject);
        }
    }

    Reply login(String name) {
        ClientSession before = session;
        if (before != null) {
            throw new BadLineException(
                    "you are logged in already, as " + before.owner().name());
        }
        // The server makes up the name of the client; that of the user would come from a real authentication.
        ClientSession begun = locks.sessions().open(LockOwner.user(name));
        session = begun;
        // The connection may have ended meanwhile: then its reader has seen no session to end.
        if (ended) {
            begun.disconnect();
        }
        return Reply.ok("hello " + name);
    }

    Reply watch(Flow.Publisher<Pose> poses) {
        unwatch();
        Watch begun = new Watch(outbox);
        watch = begun;
        poses.subscribe(begun);
        if (ended) {
            unwatch();
        }
        return Reply.ok("100 poses a second");
    }

    Reply unwatch() {
        Watch running = watch;
        watch = null;
        return Reply.ok(running == null ? "nothing to end" : "ended after " + running.end() + " poses");
    }

    void progress(String text) {
        outbox.send(Wire.PROGRESS + text);
    }

    /** A logout; the answer is sent first, then the connection is closed. */
    void quit() {
        ClientSession client = session;
        if (client != null) {
            client.close();
        }
        ended = true;
    }

    /** Tells the client if it is its lock that was lost. */
    void tell(LockEvent event) {
        event.loss().ifPresent(loss -> tellLost(event, loss));
    }

    private void tellLost(LockEvent event, Loss loss) {
        ClientSession client = session;
        if (client != null) {
            event.holds().stream()
                    .filter(hold -> hold.belongsTo(client.owner()))
                    .forEach(hold -> outbox.send(Wire.NOTICE
                            + Reply.lost(Say.loss(loss)).at(hold.path().toString())));
        }
    }

    /** The connection is gone: its locks are freed, its waiting line gives up, and a running motion arrives. */
    private void end() {
        ended = true;
        ClientSession client = session;
        if (client != null) {
            client.disconnect();
        }
        unwatch();
        worker.shutdown();
        outbox.finish();
    }

    /** The server closes: a running motion is cut short, too. */
    void close() {
        worker.shutdownNow();
        end();
        Sockets.close(socket);
    }
}
