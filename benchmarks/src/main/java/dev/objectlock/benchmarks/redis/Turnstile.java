package dev.objectlock.benchmarks.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that processes of one machine share: how often somebody has come in, and whether anybody is inside. Whoever holds
 * the lock passes through it.
 */
final class Turnstile {

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int TURN = 0;
    private static final int INSIDE = 8;
    private static final int OVERLAPS = 16;
    private static final int SIZE = 24;

    private final MappedByteBuffer memory;

    private Turnstile(MappedByteBuffer memory) {
        this.memory = memory;
    }

    static Turnstile at(Path file) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Turnstile(channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Comes in. Returns the number of this visit. */
    long enter() {
        if (!LONGS.compareAndSet(memory, INSIDE, 0L, 1L)) {
            LONGS.getAndAdd(memory, OVERLAPS, 1L);
        }
        return (long) LONGS.getAndAdd(memory, TURN, 1L) + 1;
    }

    /** Goes out. */
    void leave() {
        LONGS.setVolatile(memory, INSIDE, 0L);
    }

    /** The number of the last visit. */
    long turn() {
        return (long) LONGS.getVolatile(memory, TURN);
    }

    /** How often somebody came in while somebody was inside. */
    long overlaps() {
        return (long) LONGS.getVolatile(memory, OVERLAPS);
    }
}
