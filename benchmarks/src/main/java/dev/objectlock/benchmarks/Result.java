package dev.objectlock.benchmarks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One figure that JMH has written.
 *
 * @param type the name of the class, without its package: {@code DoorBenchmark} or {@code UnrelatedBenchmark.OneThread}
 * @param method the method
 * @param params its parameters
 * @param score the figure
 * @param error how far it may be off; not a number if it was measured once
 * @param unit of the figure
 * @param bytes allocated by each call; not a number if it was not measured
 * @param effort how it was measured
 */
record Result(
        String type,
        String method,
        Map<String, String> params,
        double score,
        double error,
        String unit,
        double bytes,
        String effort) {

    private static final String PACKAGE = Result.class.getPackageName() + ".";

    static List<Result> read(Path json) throws IOException {
        List<Result> results = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(json)) {
            for (JsonElement one : JsonParser.parseReader(reader).getAsJsonArray()) {
                results.add(of(one.getAsJsonObject()));
            }
        }
        return results;
    }

    private static Result of(JsonObject one) {
        String name = one.get("benchmark").getAsString().substring(PACKAGE.length());
        int dot = name.lastIndexOf('.');
        Map<String, String> params = new TreeMap<>();
        if (one.has("params")) {
            one.getAsJsonObject("params")
                    .entrySet()
                    .forEach(
                            param -> params.put(param.getKey(), param.getValue().getAsString()));
        }
        JsonObject figure = one.getAsJsonObject("primaryMetric");
        JsonElement bytes = one.getAsJsonObject("secondaryMetrics").get("gc.alloc.rate.norm");
        return new Result(
                name.substring(0, dot),
                name.substring(dot + 1),
                params,
                figure.get("score").getAsDouble(),
                figure.get("scoreError").getAsDouble(),
                figure.get("scoreUnit").getAsString(),
                bytes == null
                        ? Double.NaN
                        : bytes.getAsJsonObject().get("score").getAsDouble(),
                "forks %s, warm-up %s x %s, measurement %s x %s"
                        .formatted(
                                text(one, "forks"),
                                text(one, "warmupIterations"),
                                text(one, "warmupTime"),
                                text(one, "measurementIterations"),
                                text(one, "measurementTime")));
    }

    private static String text(JsonObject one, String name) {
        return one.get(name).getAsString();
    }

    /** The class that the result is shown with: the outer one. */
    String outerType() {
        int dot = type.indexOf('.');
        return dot < 0 ? type : type.substring(0, dot);
    }

    Optional<Against> against() {
        try {
            Class<?> outer = Class.forName(PACKAGE + outerType());
            for (var declared : outer.getDeclaredMethods()) {
                if (declared.getName().equals(method) && declared.isAnnotationPresent(Against.class)) {
                    return Optional.of(declared.getAnnotation(Against.class));
                }
            }
            return Optional.empty();
        } catch (ClassNotFoundException gone) {
            throw new IllegalStateException(type + " was measured and is not there any more", gone);
        }
    }

    /** Whether another result is the one that an {@link Against#value} speaks of. */
    boolean isPeer(Result other, String named) {
        int equals = named.indexOf('=');
        if (equals > 0) {
            Map<String, String> wanted = new TreeMap<>(params);
            wanted.put(named.substring(0, equals), named.substring(equals + 1));
            return other.type.equals(type) && other.method.equals(method) && other.params.equals(wanted);
        }
        if (Character.isUpperCase(named.charAt(0))) {
            return other.type.equals(outerType() + "." + named)
                    && other.method.equals(method)
                    && other.params.equals(params);
        }
        return other.type.equals(type) && other.method.equals(named) && other.params.equals(params);
    }

    /** What it is called in a table. */
    String label() {
        String inner =
                type.equals(outerType()) ? "" : type.substring(outerType().length() + 1) + ".";
        StringBuilder label = new StringBuilder(inner).append(method);
        params.forEach(
                (name, value) -> label.append(", ").append(name).append(" = ").append(value));
        return label.toString();
    }
}
