package dev.objectlock.memory;

import dev.objectlock.ObjectLocks;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a store and an engine remember although nothing is held and nobody waits: it should be nothing. Fields are found
 * by their names, so one that is renamed is renamed here too.
 */
final class Leftovers {

    private Leftovers() {}

    static Map<String, Integer> in(MemoryLockBackend backend) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        int trees = 0;
        for (Object part : (Object[]) get(get(backend, "trees"), "parts")) {
            trees += (int) get(part, "size");
        }
        if (trees > 0) {
            sizes.put("Trees", trees);
        }
        add(sizes, backend, "tokens");
        Object clients = get(backend, "clients");
        add(sizes, clients, "users");
        add(sizes, clients, "sessions");
        return sizes;
    }

    static Map<String, Integer> in(ObjectLocks engine) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        add(sizes, get(engine, "flows"), "named");
        add(sizes, get(engine, "deadlocks"), "waits");
        add(sizes, get(engine, "sessions"), "open");
        Object losses = get(engine, "losses");
        add(sizes, losses, "waiting");
        add(sizes, losses, "waitingScoped");
        if (get(losses, "known") != null) {
            add(sizes, losses, "known");
        }
        return sizes;
    }

    /** How many losses an engine remembers: those are bounded, and nobody has to come back for them. */
    static int losses(ObjectLocks engine) {
        return size(get(engine, "losses"), "byId");
    }

    /** The process that an engine is to its store at this moment. */
    static MemoryProcess processOf(ObjectLocks engine) {
        return (MemoryProcess) get(get(get(engine, "memberships"), "current"), "process");
    }

    /** How many processes use a store. */
    static int processes(MemoryLockBackend backend) {
        return size(backend, "processes");
    }

    private static void add(Map<String, Integer> sizes, Object owner, String field) {
        int size = size(owner, field);
        if (size > 0) {
            sizes.put(owner.getClass().getSimpleName() + "." + field, size);
        }
    }

    private static int size(Object owner, String field) {
        Object value = get(owner, field);
        return value instanceof Map<?, ?> map ? map.size() : ((Collection<?>) value).size();
    }

    private static Object get(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException renamed) {
            throw new LinkageError("a field has another name now", renamed);
        }
    }
}
