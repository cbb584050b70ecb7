package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.LockConfigurationException;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.annotation.LockTransaction;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.Unrestricted;
import dev.objectlock.test.AsUser;
import dev.objectlock.test.ObjectLocksExtension;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong use is an error when a method is first called; the body does not run and nothing is held. */
@ExtendWith(ObjectLocksExtension.class)
@AsUser("alice")
class WrongAnnotationsTest {

    static class Special extends CompletableFuture<String> {}

    static class Wrong {
        private boolean ran;

        private void run() {
            ran = true;
        }

        @ObjectLock(path = "a:{nobody}", mode = LockMode.USER)
        void unknownParameter(String somebody) {
            run();
        }

        @ObjectLock(path = "a/{b", mode = LockMode.USER)
        void brace(String b) {
            run();
        }

        @ObjectLock(path = "", mode = LockMode.USER)
        void emptyPath() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER, lease = "1m")
        void leaseWithoutKeep() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER, keep = true, lease = "forever")
        void leaseForever() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER, keep = true, lease = "0s")
        void leaseZero() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER, waitFor = "soon")
        void waitForSoon() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.MONITOR, scope = LockScope.TREE)
        void monitorTree() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER, slots = 3)
        void slots() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER, keep = true, maxHold = "0s")
        void maxHold() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.MONITOR, slots = -1)
        void fewSlots() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER, skipIf = "dry")
        void skipIfText(boolean dry) {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER, skipIf = "{dry}")
        void skipIfNoBoolean(String dry) {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        @Unrestricted
        void contradiction() {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        Future<String> future() {
            run();
            return CompletableFuture.completedFuture("");
        }

        @Guarded(path = "a")
        Callable<String> callable() {
            run();
            return () -> "";
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        Special special() {
            run();
            return new Special();
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        Stream<String> stream() {
            run();
            return Stream.of();
        }

        @ReleaseLock(path = "{x.y}/z")
        void property(String x) {
            run();
        }

        @ObjectLock(path = "a", mode = LockMode.USER)
        static void ofNoObject(Wrong wrong) {
            wrong.run();
        }

        @LockTransaction(path = "a")
        void noName() {
            run();
        }

        @LockTransaction(name = "Change {it", path = "a")
        void nameBrace() {
            run();
        }

        @LockTransaction(name = "Change {it}", path = "a")
        void nameUnknown(String that) {
            run();
        }

        @LockTransaction(name = "Change", path = "a", from = "1")
        void oneEnd() {
            run();
        }

        @LockTransaction(name = "Change", path = "a", from = "1", to = "{to} bars")
        void noNumber(int to) {
            run();
        }

        @LockTransaction(name = "Change", path = "a", from = "1", to = "{to}")
        void notWhole(double to) {
            run();
        }

        @LockTransaction(name = "Change", path = "a", from = "{from}", to = "2")
        void noEnd(Long from) {
            run();
        }

        @LockTransaction(name = "Change", path = "a", from = "3", to = "2")
        void reversed() {
            run();
        }

        @LockTransaction(name = "{name}", path = "a")
        void blankName(String name) {
            run();
        }

        @LockTransaction(
                name = "Change",
                path = {"a:1", "a:2"})
        void twoRoots() {
            run();
        }

        @LockTransaction(
                name = "Change",
                path = {"a/b", "a/b"})
        void samePart() {
            run();
        }

        @LockTransaction(name = "Change", path = "a")
        void nobodyRestores() {
            run();
        }

        @LockTransaction(name = "Change", path = "a")
        @Unrestricted
        void freeChange() {
            run();
        }

        @LockTransaction(name = "Change", path = "a")
        java.util.concurrent.Flow.Publisher<String> channel() {
            run();
            return subscriber -> {};
        }

        @LockTransaction(name = "Change", path = "a", waitFor = "soon")
        void waitsSoon() {
            run();
        }
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                row(w -> w.unknownParameter("x"), "Wrong.unknownParameter(String)", "{nobody}", "[somebody]"),
                row(w -> w.brace("x"), "Wrong.brace(String)", "brace"),
                row(Wrong::emptyPath, "Wrong.emptyPath()", "must not be empty"),
                row(Wrong::leaseWithoutKeep, "lease = \"1m\"", "keep = true"),
                row(Wrong::leaseForever, "lease = \"forever\"", "only meant for a wait"),
                row(Wrong::leaseZero, "lease", "more than zero"),
                row(Wrong::waitForSoon, "waitFor = \"soon\"", "500ms"),
                row(Wrong::monitorTree, "scope = TREE", "one object"),
                row(Wrong::slots, "slots = 3", "MONITOR"),
                row(Wrong::maxHold, "maxHold", "more than zero"),
                row(Wrong::fewSlots, "slots = -1", "at least 1"),
                row(w -> w.skipIfText(true), "skipIf = \"dry\"", "{dryRun}"),
                row(w -> w.skipIfNoBoolean("yes"), "must be a boolean", "java.lang.String"),
                row(Wrong::contradiction, "@Unrestricted", "contradicts"),
                row(Wrong::future, "java.util.concurrent.Future", "no adapter"),
                row(Wrong::callable, "java.util.concurrent.Callable", "no adapter"),
                row(Wrong::special, "Special", "no adapter"),
                row(Wrong::stream, "java.util.stream.BaseStream", "no adapter"),
                row(w -> w.property("text"), "java.lang.String", "no property 'y'"),
                row(Wrong::ofNoObject, "static"),
                row(Wrong::noName, "Wrong.noName()", "needs a name", "Undo menu"),
                row(Wrong::nameBrace, "name = \"Change {it\"", "brace"),
                row(w -> w.nameUnknown("x"), "{it}", "[that]"),
                row(Wrong::oneEnd, "names from alone", "both ends"),
                row(w -> w.noNumber(1), "to = \"{to} bars\"", "a whole number"),
                row(w -> w.notWhole(1), "{to}", "a whole number", "java.lang.Double"),
                row(w -> w.noEnd(null), "{from}", "a whole number", "null"),
                row(Wrong::reversed, "empty or reversed", "from = 3", "to = 2"),
                row(w -> w.blankName(" "), "Wrong.blankName(String)", "must not be blank"),
                row(Wrong::twoRoots, "Wrong.twoRoots()", "a:1", "a:2", "different roots"),
                row(Wrong::samePart, "a/b", "overlap"),
                row(Wrong::nobodyRestores, "nobody knows how to restore a", "Wrong", "no UndoParticipant"),
                row(Wrong::freeChange, "@Unrestricted", "contradicts"),
                row(Wrong::channel, "subscription", "CompletionStage"),
                row(Wrong::waitsSoon, "waitFor = \"soon\"", "500ms"));
    }

    private static Arguments row(java.util.function.Consumer<Wrong> call, String... words) {
        return Arguments.of(words[words.length - 1], call, words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void isAnErrorThatSaysWhatToDo(
            String name, java.util.function.Consumer<Wrong> call, String[] words, ObjectLocks locks) {
        Wrong wrong = new Wrong();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> call.accept(wrong))
                    .isInstanceOf(LockConfigurationException.class)
                    .hasMessageContainingAll(words);
        }
        assertThat(wrong.ran).isFalse();
        assertThat(locks.roots()).isEmpty();
    }
}
