package dev.objectlock.benchmarks.redis;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All that was measured in one run.
 *
 * @param machine where
 * @param server on which server
 * @param libraries of which versions the peers are
 * @param effort how long
 * @param roundTrip of PINGs one after the other
 * @param pacedRoundTrip of PINGs with pauses as long as each process has the lock between hand-overs
 * @param idleCpuMillis of the server, a minute, when nothing is asked of it; not a number if nothing was kept alive
 * @param figures pairs and hand-overs
 * @param beats holds that are kept alive
 */
record Report(
        String machine,
        String server,
        String libraries,
        String effort,
        Micros roundTrip,
        Micros pacedRoundTrip,
        double idleCpuMillis,
        List<Figure> figures,
        List<Beats.Figure> beats) {

    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeSpecialFloatingPointValues()
            .create();

    /**
     * Times, in microseconds.
     *
     * @param p50 half took no longer
     * @param p99 all but one in a hundred took no longer
     */
    record Micros(double p50, double p99) {

        static Micros of(Durations all) {
            return new Micros(all.micros(0.5), all.micros(0.99));
        }
    }

    void write(Path json) throws IOException {
        Files.writeString(json, GSON.toJson(this));
    }

    static Report read(Path json) throws IOException {
        return GSON.fromJson(Files.readString(json), Report.class);
    }
}
