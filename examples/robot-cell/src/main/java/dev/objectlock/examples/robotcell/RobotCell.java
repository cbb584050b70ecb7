package dev.objectlock.examples.robotcell;

import dev.objectlock.examples.robotcell.play.Player;
import dev.objectlock.examples.robotcell.play.Script;
import dev.objectlock.examples.robotcell.play.Timeline;
import dev.objectlock.examples.robotcell.server.Server;
import java.io.IOException;
import java.util.List;

/** Plays a session of several operators and prints what happened; with {@code --serve} the server stays up for you. */
public final class RobotCell {

    private static final int DEFAULT_PORT = 7007;

    private RobotCell() {}

    /**
     * Runs the example.
     *
     * @param args nothing, or {@code --serve} and perhaps a port
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> words = List.of(args);
        if (words.isEmpty()) {
            play();
        } else if (words.get(0).equals("--serve") && words.size() <= 2) {
            serve(words.size() == 2 ? Integer.parseInt(words.get(1)) : DEFAULT_PORT);
        } else {
            System.err.println("usage: RobotCell [--serve [PORT]]");
            System.exit(2);
        }
    }

    private static void play() throws IOException, InterruptedException {
        Timeline timeline = new Timeline(System.out);
        try (Server server = Server.start(0);
                Player player = new Player(server.port(), timeline)) {
            player.play(Script.ofResource("session.txt"));
            timeline.end(server.locks().roots().isEmpty());
        }
    }

    private static void serve(int port) throws IOException, InterruptedException {
        try (Server server = Server.start(port)) {
            System.out.println(
                    "The robot cell listens on port " + server.port() + " of this machine. In another terminal:"
                            + "\n  nc localhost " + server.port() + "\n  login alice\n  help\nEnd with Ctrl-C.");
            Thread.currentThread().join();
        }
    }
}
