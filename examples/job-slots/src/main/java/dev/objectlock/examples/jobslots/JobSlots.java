package dev.objectlock.examples.jobslots;

import dev.objectlock.examples.jobslots.play.Play;
import dev.objectlock.examples.jobslots.play.Redis;
import dev.objectlock.examples.jobslots.play.Settings;
import dev.objectlock.examples.jobslots.play.Timeline;
import java.io.IOException;

/** Several processes that share the slots of a thing, and tasks that must each be done once: prints what happens. */
public final class JobSlots {

    private JobSlots() {}

    /**
     * Runs the example; ends with 1 if a rule was broken.
     *
     * @param args nothing
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0) {
            System.err.println("usage: JobSlots");
            System.exit(2);
        }
        Timeline timeline = new Timeline(System.out);
        boolean broken;
        try (Redis redis = Redis.open();
                Play play = new Play(Settings.full(), redis, timeline)) {
            broken = !play.play().isEmpty();
        }
        System.exit(broken ? 1 : 0);
    }
}
