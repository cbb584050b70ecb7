package dev.objectlock.examples.jobslots.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.objectlock.examples.jobslots.ledger.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells the coordinator what this worker does. Each line is answered when it is in the ledger: so whoever gets a slot that this
 * worker gave back tells so after it, although there are as many pipes as workers. A worker ends with its coordinator. Thread-safe.
 */
final class Reports {

    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Semaphore answered = new Semaphore(0);
    private final PrintStream out;

    Reports(PrintStream out, InputStream in) {
        this.out = out;
        Thread answers = new Thread(() -> hearAnswers(in), "answers");
        answers.setDaemon(true);
        answers.start();
    }

    private void hearAnswers(InputStream in) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
            while (lines.readLine() != null) {
                answered.release();
            }
        } catch (IOException broken) {
            // It is gone, as it is when there are no more answers.
        }
        Runtime.getRuntime().halt(1);
    }

    void tell(Report report) {
        oneAtATime.lock();
        try {
            out.println(report.line());
            out.flush();
            answered.acquireUninterruptibly(); // whoever has lost the slot tells that all the same
        } finally {
            oneAtATime.unlock();
        }
    }
}
