package dev.objectlock.examples.robotcell;

/** Takes out of a text what differs from run to run. */
final class Masks {

    private Masks() {}

    static String times(String text) {
        return text.replaceAll("\\d\\d:\\d\\d\\.\\d{3}", "mm:ss.SSS")
                .replaceAll("\\d+\\.\\d s", "n s")
                .replaceAll("ended after \\d+ poses", "ended after n poses");
    }
}
