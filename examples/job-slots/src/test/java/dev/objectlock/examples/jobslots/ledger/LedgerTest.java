package dev.objectlock.examples.jobslots.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.examples.jobslots.jobs.TaskBook.Done;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each rule broken once, and each thing that looks like it and is none. */
class LedgerTest {

    private static final List<String> TASKS = List.of("t1", "t2");

    private final Ledger ledger = new Ledger(2);

    @Test
    void whatGoesByTheRulesIsNoViolation() {
        begins("A", "t1", 1, 1);
        begins("B", "t2", 2, 2);
        ends("A", "t1", 1, Outcome.DONE);
        ends("B", "t2", 2, Outcome.DONE);

        ledger.close(TASKS, Map.of("t1", new Done(1, "A"), "t2", new Done(2, "B")));

        assertThat(ledger.violations()).isEmpty();
        assertThat(ledger.most()).isEqualTo(2);
        assertThat(ledger.done()).isEqualTo(2);
    }

    @Test
    void aSlotTooManyIsSeen() {
        begins("A", "t1", 1, 1);
        begins("B", "t2", 2, 2);
        begins("C", "t3", 3, 3);

        assertThat(ledger.violations()).containsExactly("3 slots of 2 are in use with C's run of t3 (fence 3)");
    }

    @Test
    void twoRunsOfATaskAtATimeAreSeen() {
        begins("A", "t1", 1, 1);
        begins("B", "t1", 2, 2);

        assertThat(ledger.violations())
                .singleElement()
                .asString()
                .contains("goes on", "A's run of t1", "B's run of t1");
    }

    @Test
    void aTaskThatIsRunAgainAfterItWasDoneIsSeen() {
        begins("A", "t1", 1, 1);
        ends("A", "t1", 1, Outcome.DONE);
        begins("B", "t1", 2, 2);
        ends("B", "t1", 2, Outcome.DONE);

        assertThat(ledger.violations())
                .satisfiesExactly(
                        begun -> assertThat(begun).contains("B's run", "although the task was done"),
                        done -> assertThat(done).contains("B's run", "was done before"));
    }

    @Test
    void aFenceThatDoesNotGrowIsSeen() {
        begins("A", "t1", 7, 1);
        ends("A", "t1", 7, Outcome.LOST);
        begins("B", "t1", 7, 2);

        assertThat(ledger.violations()).singleElement().asString().contains("no greater fence");
    }

    @Test
    void anEndWithoutABeginningIsSeen() {
        begins("A", "t1", 1, 1);
        ends("B", "t1", 1, Outcome.DONE);

        assertThat(ledger.violations()).containsExactly("B ends a run of t1 that it has not begun");
    }

    @Test
    void whatADeadWorkerHadIsFreeForOthers() {
        begins("A", "t1", 1, 1);
        begins("A", "t2", 2, 2);

        assertThat(ledger.died("A")).hasSize(2);
        begins("B", "t1", 3, 3);
        begins("B", "t2", 4, 4);

        assertThat(ledger.violations()).isEmpty();
        assertThat(ledger.most()).isEqualTo(2);
    }

    @Test
    void whatAPausedWorkerHadMayPassToOthersBeforeItKnows() {
        begins("A", "t1", 1, 1);
        ledger.pauses("A");
        begins("B", "t1", 2, 3);
        begins("B", "t2", 3, 4);
        ledger.goesOn("A");
        begins("A", "t3", 2, 2); // granted before the pause, and told only now
        ends("A", "t3", 2, Outcome.LOST);
        ends("A", "t1", 1, Outcome.REFUSED);

        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void whatAWorkerIsGrantedAfterItsPauseCounts() {
        ledger.pauses("A");
        begins("B", "t1", 1, 1);
        begins("B", "t2", 2, 2);
        ledger.goesOn("A");
        begins("A", "t3", 3, 3);

        assertThat(ledger.violations()).singleElement().asString().contains("3 slots of 2");
    }

    @Test
    void aTaskThatWasNeverDoneIsSeenAtTheEnd() {
        begins("A", "t1", 1, 1);
        ends("A", "t1", 1, Outcome.DONE);

        ledger.close(TASKS, Map.of("t1", new Done(1, "A")));

        assertThat(ledger.violations()).containsExactly("t2 was never done");
    }

    @Test
    void aLateResultThatWasWrittenOverAnotherIsSeenAtTheEnd() {
        begins("A", "t1", 1, 1);
        ledger.pauses("A");
        begins("B", "t1", 2, 2);
        ends("B", "t1", 2, Outcome.DONE);
        ledger.goesOn("A");
        ends("A", "t1", 1, Outcome.LOST);

        ledger.close(List.of("t1"), Map.of("t1", new Done(1, "A")));

        assertThat(ledger.violations()).singleElement().asString().contains("the book says of t1");
    }

    @Test
    void whoeverDiesBetweenTheBookAndTheReportHasDoneTheTask() {
        begins("A", "t1", 1, 1);
        ledger.died("A");

        ledger.close(List.of("t1"), Map.of("t1", new Done(1, "A")));

        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void aResultOfARunThatNobodyToldOfIsSeenAtTheEnd() {
        ledger.close(List.of("t1"), Map.of("t1", new Done(1, "A")));

        assertThat(ledger.violations()).singleElement().asString().contains("the book says of t1");
    }

    @Test
    void aRunThatNeverEndsIsSeenAtTheEnd() {
        begins("A", "t1", 1, 1);

        ledger.close(List.of(), Map.of());

        assertThat(ledger.violations()).containsExactly("A's run of t1 (fence 1) never ended");
    }

    @Test
    void aRunThatIsLostForNoReasonIsSeenAtTheEnd() {
        begins("A", "t1", 1, 1);
        ends("A", "t1", 1, Outcome.LOST);
        begins("A", "t1", 2, 2);
        ends("A", "t1", 2, Outcome.DONE);

        ledger.close(List.of("t1"), Map.of("t1", new Done(2, "A")));

        assertThat(ledger.violations()).singleElement().asString().contains("LOST", "nobody had paused A");
    }

    @Test
    void aReportIsReadAsItWasSaid() {
        List<Report> reports =
                List.of(new Report.Ready(), new Report.Begins("t1", 1, 2), new Report.Ends("t1", 1, Outcome.REFUSED));

        assertThat(reports)
                .allSatisfy(report -> assertThat(Report.of(report.line())).isEqualTo(report));
    }

    private void begins(String worker, String task, long fence, long slot) {
        ledger.hear(worker, new Report.Begins(task, fence, slot));
    }

    private void ends(String worker, String task, long fence, Outcome outcome) {
        ledger.hear(worker, new Report.Ends(task, fence, outcome));
    }
}
