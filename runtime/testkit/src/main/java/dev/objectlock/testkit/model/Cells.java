package dev.objectlock.testkit.model;

import dev.objectlock.LockPath;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What is at each position of each row. Protected by the lock of {@link Rows}. */
final class Cells {

    private final Map<LockPath, Cell[]> rows = new LinkedHashMap<>();
    private long values;

    /** One position. */
    static final class Cell {
        long value;

        /** What must be there when everything has been undone. */
        long first;

        /** Whoever was let in last. */
        @Nullable
        Captured by;
    }

    void add(LockPath path, int length) {
        Cell[] row = new Cell[length];
        for (int i = 0; i < length; i++) {
            row[i] = new Cell();
            row[i].value = newValue();
            row[i].first = row[i].value;
        }
        rows.put(path, row);
    }

    Cell at(LockPath path, int position) {
        return Objects.requireNonNull(rows.get(path))[position];
    }

    /** One that was never there before. */
    long newValue() {
        return ++values;
    }

    Map<LockPath, List<Long>> values(ToLongFunction<Cell> of) {
        Map<LockPath, List<Long>> all = new LinkedHashMap<>();
        rows.forEach((path, row) ->
                all.put(path, Arrays.stream(row).mapToLong(of).boxed().toList()));
        return all;
    }
}
