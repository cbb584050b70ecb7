package dev.objectlock.weave;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * When the work of a call is over, as its return type says.
 *
 * @param isStage whether it is when the stage completes
 * @param adapter makes it be when the subscription ends, each being work of its own; null if there are no subscriptions
 * @param isStream whether a subscription brings many values
 */
record ResultKind(boolean isStage, @Nullable ResultAdapter adapter, boolean isStream) {

    /** When the method returns. */
    static final ResultKind VALUE = new ResultKind(false, null, false);

    /** When the stage completes. */
    private static final ResultKind STAGE = new ResultKind(true, null, false);

    /** Types that carry work beyond the return, for which there is no adapter. By name: they need not be there. */
    private static final Set<String> CARRIERS = Set.of(
            Future.class.getName(),
            CompletionStage.class.getName(),
            Callable.class.getName(),
            Flow.Publisher.class.getName(),
            BaseStream.class.getName(),
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "org.reactivestreams.Publisher",
            "org.springframework.web.context.request.async.DeferredResult",
            "org.springframework.web.context.request.async.WebAsyncTask",
            "kotlinx.coroutines.flow.Flow",
            "kotlin.coroutines.Continuation");

    private static final Set<String> STREAMS = Set.of(
            Flow.Publisher.class.getName(),
            BaseStream.class.getName(),
            "org.reactivestreams.Publisher",
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "kotlinx.coroutines.flow.Flow");

    /** A publisher of at most one value is a result, not a stream. */
    private static final Set<String> SINGLE = Set.of("reactor.core.publisher.Mono");

    static ResultKind of(Method method, Place place) {
        Class<?> type = method.getReturnType();
        if (type == CompletionStage.class || type == CompletableFuture.class) {
            return STAGE;
        }
        ResultAdapter adapter = ResultAdapters.find(method.getDeclaringClass(), type);
        if (adapter != null) {
            return new ResultKind(false, adapter, adapter.isStream(type));
        }
        String carrier = firstOf(typeNames(type), CARRIERS);
        for (Type parameter : method.getParameterTypes()) {
            if (parameter.getTypeName().equals("kotlin.coroutines.Continuation")) {
                carrier = "a suspend function";
            }
        }
        if (carrier != null) {
            throw place.wrong(
                    "it returns " + (type.getName().equals(carrier) ? carrier : type.getName() + " (" + carrier + ")")
                            + ", whose work goes on after the return,"
                            + " and there is no adapter for it, so the lock would end too early; return a CompletionStage, lock"
                            + " the code that does the work, or mark the method @Unrestricted");
        }
        return VALUE;
    }

    /** Whether a method is a channel, which no rule of its class restricts. */
    static boolean isChannel(Method method) {
        ResultAdapter adapter = ResultAdapters.find(method.getDeclaringClass(), method.getReturnType());
        if (adapter != null) {
            return adapter.isStream(method.getReturnType());
        }
        Set<String> names = typeNames(method.getReturnType());
        return firstOf(names, STREAMS) != null && firstOf(names, SINGLE) == null;
    }

    private static @Nullable String firstOf(Set<String> names, Set<String> wanted) {
        for (String name : names) {
            if (wanted.contains(name)) {
                return name;
            }
        }
        return null;
    }

    private static Set<String> typeNames(Class<?> type) {
        Set<String> names = new HashSet<>();
        addTypeNames(type, names);
        return names;
    }

    private static void addTypeNames(@Nullable Class<?> type, Set<String> names) {
        if (type != null && names.add(type.getName())) {
            addTypeNames(type.getSuperclass(), names);
            for (Class<?> above : type.getInterfaces()) {
                addTypeNames(above, names);
            }
        }
    }
}
