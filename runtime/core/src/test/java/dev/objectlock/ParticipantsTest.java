package dev.objectlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who captures what: by patterns of paths. */
class ParticipantsTest {

    private final ObjectLocks locks = ObjectLocks.builder().build();
    private final LockTransactions transactions = locks.transactions();
    private final List<String> captured = new ArrayList<>();

    @AfterEach
    void close() {
        assertThat(locks.roots()).isEmpty();
        locks.close();
    }

    private UndoParticipant<String> named(String name) {
        return new UndoParticipant<>() {
            @Override
            public String capture(LockPath path, @Nullable Extent extent) {
                captured.add(name);
                return "";
            }

            @Override
            public void restore(LockPath path, @Nullable Extent extent, String state) {}
        };
    }

    private String whoCaptures(String path) {
        captured.clear();
        transactions.run(TransactionRequest.of("Change", LockPath.parse(path)), () -> {});
        return captured.get(0);
    }

    @Test
    void placeholdersStandForAnythingInTheirSegment() {
        transactions.participant("score:{score}/part:{part}", named("part"));
        transactions.participant("score:{score}", named("score"));
        transactions.participant("{any}/title", named("title"));
        assertThat(whoCaptures("score:1/part:2")).isEqualTo("part");
        assertThat(whoCaptures("score:1")).isEqualTo("score");
        assertThat(whoCaptures("score:a%2Fb/part:x")).isEqualTo("part");
        assertThat(whoCaptures("score:1/title")).isEqualTo("title");
        for (String unknown : List.of("score:/part:1", "scores/part:1", "score:1/part:1/bar:1", "score:1/bar:1")) {
            assertThatThrownBy(() -> whoCaptures(unknown))
                    .as(unknown)
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll("nobody knows how to restore " + unknown, "participant(");
        }
    }

    @Test
    void aPathHasOneParticipant() {
        Subscription first = transactions.participant("score:{score}/part:{part}", named("first"));
        for (String same : List.of(
                "score:{a}/part:{b}",
                "score:1/part:1",
                "{any}/part:1",
                "{any}/{other}",
                "score:{a}/{b}1",
                "s{a}/p{b}")) {
            assertThatThrownBy(() -> transactions.participant(same, named("second")))
                    .as(same)
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll(same, "score:{score}/part:{part}");
        }
        transactions.participant("score:{a}/bar:{b}", named("bar"));
        transactions.participant("scores/part:{b}", named("other"));
        first.close();
        first.close();
        transactions.participant("score:1/part:{b}", named("second"));
        assertThat(whoCaptures("score:1/part:1")).isEqualTo("second");
    }

    @Test
    void aPatternThatIsWrongIsRefused() {
        assertThatThrownBy(() -> transactions.participant("score:{a}{b}", named("wrong")))
                .isInstanceOf(LockConfigurationException.class)
                .hasMessageContaining("two placeholders");
    }

    @Test
    void theRequestItselfCanSayWho() {
        transactions.run(TransactionRequest.of("Change", LockPath.of("score:9")).participant(named("said")), () -> {});
        assertThat(captured).containsExactly("said");
    }
}
