package dev.objectlock.spring.boot.observation;

import dev.objectlock.LockObserver.ObservedCall;
import dev.objectlock.annotation.LockMode;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of an observed call. Nothing here knows a path. */
final class CallKeys {

    private CallKeys() {}

    static KeyValues of(LockObservationContext context) {
        ObservedCall call = context.call();
        return KeyValues.of(
                LockObservationDocumentation.Key.TEMPLATE.withValue(templates(call)),
                LockObservationDocumentation.Key.MODE.withValue(modes(call.modes())),
                LockObservationDocumentation.Key.METHOD.withValue(call.method()),
                LockObservationDocumentation.Key.OUTCOME.withValue(
                        context.outcome().map(Outcome::text).orElse(KeyValue.NONE_VALUE)));
    }

    static String templates(ObservedCall call) {
        return String.join(",", call.templates());
    }

    static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String modes(Set<LockMode> modes) {
        return modes.stream().sorted().map(CallKeys::text).collect(Collectors.joining(","));
    }
}
