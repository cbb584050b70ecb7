package dev.objectlock.benchmarks.redis;

/** One thing that is measured. */
enum Case {
    ONE_THREAD("pairs1", "1 thread", 1),
    EIGHT_THREADS("pairs8", "8 threads, each an object of its own", 8),
    ONE_OBJECT("contended", "8 threads, one object", 8),
    TWO_PROCESSES("handover2", "hand-over between 2 JVMs", 2),
    EIGHT_PROCESSES("handover8", "hand-over between 8 JVMs", 8);

    private final String id;
    private final String label;
    private final int workers;

    Case(String id, String label, int workers) {
        this.id = id;
        this.label = label;
        this.workers = workers;
    }

    /** What it is called on the command line. */
    String id() {
        return id;
    }

    /** What it is called on the page. */
    String label() {
        return label;
    }

    /** Threads, or processes. */
    int workers() {
        return workers;
    }

    boolean isBetweenProcesses() {
        return this == TWO_PROCESSES || this == EIGHT_PROCESSES;
    }
}
