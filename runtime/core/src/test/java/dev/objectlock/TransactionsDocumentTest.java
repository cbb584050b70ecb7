package dev.objectlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What docs/transactions.md shows, as it shows it. */
class TransactionsDocumentTest {

    @Test
    void doesWhatItSays() {
        ObjectLocks locks = ObjectLocks.builder().build();
        LockTransactions transactions = locks.transactions();
        LockPath score = LockPath.of("score:1");
        LockPath part = LockPath.of("score:1", "part:melody");
        Melody melody = new Melody();
        transactions.participant("score:{score}/part:{part}", melody);
        locks.runAs(
                LockOwner.user("clara"),
                () -> transactions.run(TransactionRequest.of("Raise the end", part, 4, 8), () -> melody.pitches[7]++));
        assertThat(melody.pitches[7]).isEqualTo(63);
        assertThat(transactions.undoable(part).get(0).name()).isEqualTo("Raise the end");
        assertThat(transactions.undo(score)).isPresent();
        assertThat(transactions.redoable(score).get(0).name()).isEqualTo("Raise the end");
        assertThat(melody.pitches[7]).isEqualTo(62);
        for (TransactionRequest wide : new TransactionRequest[] {
            TransactionRequest.of("All", part), TransactionRequest.of("To the end", part, 2, Long.MAX_VALUE)
        }) {
            assertThatThrownBy(() -> transactions.run(wide, () -> {
                        melody.pitches[7] = 0;
                        throw new IllegalStateException("broken");
                    }))
                    .hasMessage("broken")
                    .hasNoSuppressedExceptions();
            assertThat(melody.pitches[7]).isEqualTo(62);
        }
        LockPath slash = LockPath.of("score:1/part:melody");
        assertThatThrownBy(() -> transactions.run(TransactionRequest.of("Change", slash), () -> {}))
                .hasMessageContainingAll("score:1%2Fpart:melody", "LockPath.parse");
        locks.close();
    }

    @Test
    void isTheCodeOfTheDocument() throws IOException {
        String document = Files.readString(Path.of("../../docs/transactions.md"));
        String test = Files.readString(Path.of("src/test/java/dev/objectlock/TransactionsDocumentTest.java"));
        String type = document.substring(document.indexOf("class Melody"), document.indexOf("ObjectLocks locks ="));
        assertThat(test).contains(type.strip());
        assertThat(document).contains("transactions.participant(\"score:{score}/part:{part}\", melody);");
    }
}

// spotless:off
class Melody implements UndoParticipant<int[]> {
    final int[] pitches = {64, 64, 65, 67, 67, 65, 64, 62};

    @Override
    public int[] capture(LockPath path, @Nullable Extent extent) { // null: the whole object
        return extent == null ? pitches.clone() : Arrays.copyOfRange(pitches, from(extent), to(extent));
    }

    @Override
    public void restore(LockPath path, @Nullable Extent extent, int[] before) {
        System.arraycopy(before, 0, pitches, extent == null ? 0 : from(extent), before.length);
    }

    private int from(Extent extent) {
        return Objects.checkIndex((int) extent.from(), pitches.length);
    }

    private int to(Extent extent) { // Long.MAX_VALUE: to the end
        return (int) Math.min(extent.to(), pitches.length);
    }
}
// spotless:on
