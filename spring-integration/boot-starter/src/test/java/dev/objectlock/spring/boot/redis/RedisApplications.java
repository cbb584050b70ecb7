package dev.objectlock.spring.boot.redis;

import dev.objectlock.spring.boot.ObjectLocksAutoConfiguration;
import dev.objectlock.spring.boot.app.plain.Gate;
import io.lettuce.core.resource.ClientResources;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications with a gate, whose locks can be in Redis. */
final class RedisApplications {

    /** Each application would wait two seconds for the end of its threads. */
    static final ClientResources THREADS = ClientResources.create();

    private RedisApplications() {}

    /** That say neither where locks are kept nor where Redis is. */
    static ApplicationContextRunner undecided() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ObjectLocksAutoConfiguration.class,
                        DataRedisAutoConfiguration.class,
                        ObjectLocksRedisAutoConfiguration.class,
                        ObjectLocksWithoutRedisAutoConfiguration.class))
                .withBean(ClientResources.class, () -> THREADS)
                .withBean(Gate.class);
    }

    /** By the property, each on the server that the tests share, and with the same prefix. */
    static ApplicationContextRunner byProperty() {
        return undecided()
                .withPropertyValues(
                        "objectlock.backend=redis",
                        "objectlock.redis.prefix=" + prefix(),
                        "spring.data.redis.port=" + TestRedis.port());
    }

    /** Nobody else's: the tests share a server. */
    static String prefix() {
        return "test-" + UUID.randomUUID();
    }

    /** On a thread of its own: one of a pool that waits for another would do its work meanwhile. */
    static void elsewhere(Runnable body) {
        CompletableFuture.runAsync(body, task -> new Thread(task).start()).join();
    }
}
