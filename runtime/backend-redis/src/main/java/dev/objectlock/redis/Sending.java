package dev.objectlock.redis;

import dev.objectlock.LockBackendException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of the script, until it is answered or there has been no answer for too long. Every operation may be carried out twice,
 * so what a broken connection may have swallowed is sent again. Completed by a thread of the connection, or of the timer; both
 * must not be blocked. Fails with a {@link LockBackendException}.
 */
final class Sending extends CompletableFuture<Reply> {

    /** Errors before which the script has not begun. */
    private static final List<String> NOTHING_DONE = List.of(
            "READONLY",
            "OOM",
            "LOADING",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "NOREPLICAS",
            "NOAUTH",
            "MISCONF",
            "TRYAGAIN",
            "BUSY");

    /** When a connection has just broken, the next one is not there yet. */
    private static final Executor SOON = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

    private static final byte[] DIGEST = BucketScript.DIGEST.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT = BucketScript.TEXT.getBytes(StandardCharsets.UTF_8);

    private final BaseRedisAsyncCommands<String, String> commands;
    private final BucketKeys keys;
    private final byte[][] arguments;
    private volatile @Nullable Timeout timeout;
    private volatile @Nullable CompletionStage<?> sent;

    /**
     * Begins.
     *
     * @param arguments encoded here, by the thread that asks: all requests share the thread of the connection
     */
    Sending(BaseRedisAsyncCommands<String, String> commands, BucketKeys keys, String[] arguments) {
        this.commands = commands;
        this.keys = keys;
        this.arguments = new byte[arguments.length][];
        for (int i = 0; i < arguments.length; i++) {
            this.arguments[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Sends it. To be called once. */
    Sending within(Duration longest, Timer timer) {
        try {
            timeout = timer.newTimeout(late -> tooLate(), longest.toMillis(), TimeUnit.MILLISECONDS);
            send();
        } catch (RuntimeException refused) {
            fail(refused);
        }
        return this;
    }

    private void send() {
        run(CommandType.EVALSHA, DIGEST).whenComplete(this::answered);
    }

    private CompletionStage<List<Object>> run(CommandType how, byte[] script) {
        CommandArgs<String, String> args =
                new CommandArgs<>(StringCodec.UTF8).add(script).add(BucketKeys.COUNT);
        keys.addTo(args);
        for (byte[] argument : arguments) {
            args.add(argument);
        }
        CompletionStage<List<Object>> command = commands.dispatch(how, new NestedMultiOutput<>(StringCodec.UTF8), args);
        sent = command;
        return command;
    }

    private void answered(@Nullable List<?> parts, @Nullable Throwable failure) {
        if (failure == null) {
            done(parts);
            return;
        }
        Throwable cause = unwrap(failure);
        try {
            if (cause instanceof RedisNoScriptException && !isDone()) {
                // The server forgets its scripts when it restarts.
                run(CommandType.EVAL, TEXT).whenComplete((all, again) -> {
                    if (again == null) {
                        done(all);
                    } else {
                        failed(unwrap(again));
                    }
                });
            } else {
                failed(cause);
            }
        } catch (RuntimeException refused) {
            fail(refused);
        }
    }

    private void failed(Throwable cause) {
        if (cause instanceof IOException && !isDone()) {
            SOON.execute(() -> {
                try {
                    if (!isDone()) {
                        send();
                    }
                } catch (RuntimeException refused) {
                    fail(refused);
                }
            });
        } else {
            fail(cause);
        }
    }

    private void done(@Nullable List<?> parts) {
        Reply reply;
        try {
            reply = Reply.whole(Objects.requireNonNull(parts));
        } catch (RuntimeException torn) {
            fail(torn);
            return;
        }
        callOff();
        complete(reply);
    }

    private void fail(Throwable cause) {
        callOff();
        completeExceptionally(told(cause));
    }

    private void callOff() {
        Timeout running = timeout;
        if (running != null) {
            running.cancel();
        }
    }

    private void tooLate() {
        if (completeExceptionally(
                        new LockBackendException("Redis has not answered in time", false, new TimeoutException()))
                && sent != null) {
            // If it is still waiting for a connection, it need not be sent any more.
            sent.toCompletableFuture().cancel(true);
        }
    }

    /** What a failure says to whoever sent something. */
    static LockBackendException told(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof LockBackendException known) {
            return known;
        }
        if (cause instanceof TimeoutException) {
            return new LockBackendException("Redis has not answered in time", false, cause);
        }
        boolean nothingDone = cause instanceof RedisCommandExecutionException && isNothingDone(reason(cause));
        return new LockBackendException("Redis did not answer as it should: " + reason(cause), nothingDone, cause);
    }

    /** Redis 6 wraps what a command of the script says: {@code ERR Error running script (...): @user_script: -READONLY ...}. */
    private static boolean isNothingDone(String reason) {
        return NOTHING_DONE.stream().anyMatch(word -> reason.startsWith(word) || reason.contains("-" + word + " "));
    }

    static String reason(Throwable cause) {
        return cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : cause.getMessage()
                        + (cause.getCause() == null || cause.getCause().getMessage() == null
                                ? ""
                                : ": " + cause.getCause().getMessage());
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
