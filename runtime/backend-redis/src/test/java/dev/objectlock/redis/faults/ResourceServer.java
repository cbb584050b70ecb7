package dev.objectlock.redis.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Where the workers come to the resource: each of their threads with a connection of its own, which begins with {@code thread
 * 203}, and each of them with one more for its news, which begins with {@code worker 2}. Every line is answered. Its threads are
 * daemons.
 */
final class ResourceServer implements AutoCloseable {

    private final ServerSocket door;
    private final Resource resource;
    private final Tally tally;
    private final Silences silences;
    private final BooleanSupplier goesOn;
    private final Map<Integer, Desk> desks = new ConcurrentHashMap<>();

    /**
     * Opens it.
     *
     * @param resource the resource
     * @param tally where it is counted
     * @param silences where standstills are written down
     * @param goesOn whether threads may begin something new
     */
    ResourceServer(Resource resource, Tally tally, Silences silences, BooleanSupplier goesOn) {
        this.resource = resource;
        this.tally = tally;
        this.silences = silences;
        this.goesOn = goesOn;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        daemon("resource-door", this::admit);
    }

    int port() {
        return door.getLocalPort();
    }

    /** How many threads of workers have come so far: each comes when its worker has joined the store. */
    int threads() {
        return desks.size();
    }

    /** What each thread of the workers has said last. */
    List<String> said() {
        return desks.values().stream().map(Desk::toString).sorted().toList();
    }

    private void admit() {
        while (!door.isClosed()) {
            try {
                Line line = new Line(door.accept());
                daemon("resource", () -> serve(line));
            } catch (IOException closed) {
                // The run is over, or a worker ended before it said anything.
            }
        }
    }

    private void serve(Line line) {
        try (line) {
            String hello = line.read();
            if (hello == null) {
                return;
            }
            int number = Integer.parseInt(hello.substring(hello.indexOf(' ') + 1));
            if (hello.startsWith("thread")) {
                serveThread(number, line);
            } else {
                serveNews(number, line);
            }
        } catch (IOException broken) {
            // A worker that is gone; whether it should be, the run knows.
        } catch (RuntimeException wrong) {
            tally.add(Count.WRONG, "the resource: " + wrong);
        }
    }

    private void serveThread(int thread, Line line) throws IOException {
        Desk desk = new Desk(thread, resource, tally, goesOn);
        desks.put(thread, desk);
        try {
            for (String said = line.read(); said != null; said = line.read()) {
                line.write(desk.answer(said));
            }
        } finally {
            desk.close();
        }
    }

    private void serveNews(int worker, Line line) throws IOException {
        for (String said = line.read(); said != null; said = line.read()) {
            news(worker, said);
            line.write("ok");
        }
    }

    private void news(int worker, String said) {
        String[] words = said.split(" ", 4);
        switch (words[0]) {
            case "lost" -> desks.get(Integer.parseInt(words[1])).told(Long.parseLong(words[2]), words[3]);
            case "joined" -> tally.add(Count.DEATHS);
            case "stalled" -> stalled(worker, Long.parseLong(words[1]));
            default -> tally.add(Count.WRONG, "worker " + worker + ": " + said);
        }
    }

    private void stalled(int worker, long nanos) {
        long now = System.nanoTime();
        tally.add(Count.STALLS);
        silences.add(worker, Silences.Cause.STOPPED, now - nanos, now);
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
    }
}
