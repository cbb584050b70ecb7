package dev.objectlock.weave;

import dev.objectlock.LockPath;
import dev.objectlock.grammar.PathTemplate;
import dev.objectlock.path.LockablePaths;
import dev.objectlock.path.PathResolver;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one annotation.
 *
 * @param resolvers one for each template; none for the path of the target object
 */
record Paths(List<PathResolver> resolvers) {

    static Paths read(String[] templates, Place place) {
        return new Paths(Arrays.stream(templates)
                .map(text -> place.read(text, PathTemplate::parse))
                .map(template -> PathResolver.of(place.known(template), place.toString(), place::source))
                .toList());
    }

    /** As they are written. */
    List<String> templates() {
        return resolvers.isEmpty()
                ? List.of("{this}")
                : resolvers.stream().map(resolver -> resolver.template().text()).toList();
    }

    boolean isSingle() {
        return resolvers.size() <= 1;
    }

    LockPath single(@Nullable Object target, @Nullable Object[] args) {
        return resolvers.isEmpty()
                ? LockablePaths.pathOf(java.util.Objects.requireNonNull(target))
                : resolvers.get(0).resolve(target, args);
    }

    void forEach(@Nullable Object target, @Nullable Object[] args, Consumer<LockPath> visitor) {
        if (isSingle()) {
            visitor.accept(single(target, args));
            return;
        }
        for (PathResolver resolver : resolvers) {
            visitor.accept(resolver.resolve(target, args));
        }
    }
}
