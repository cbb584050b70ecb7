package dev.objectlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.Hold;
import dev.objectlock.LockBackendException;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS is set where Lettuce has it, and nowhere else. */
@Tag("own-server")
class TlsTest {

    private static final LockPath ARM = LockPath.of("cell:7", "arm");

    @Test
    void locksAreTakenAndHandedOverThroughIt(@TempDir Path folder) throws Exception {
        try (OwnRedis redis = OwnRedis.start();
                TlsProxy proxy = TlsProxy.before(folder, redis.uri().getPort());
                RedisClient client = RedisClient.create(uri(proxy))) {
            client.setOptions(ClientOptions.builder()
                    .sslOptions(SslOptions.builder()
                            .jdkSslProvider()
                            .truststore(proxy.trust().toFile(), TlsProxy.PASSWORD)
                            .build())
                    .build());
            RedisLockBackend backend = RedisLockBackend.create(client);
            try (ObjectLocks one = ObjectLocks.builder().backend(backend).build();
                    ObjectLocks other = ObjectLocks.builder().backend(backend).build()) {
                Hold first = one.acquire(LockRequest.monitor(ARM));
                var next = other.async().acquire(LockRequest.monitor(ARM).waitFor(Duration.ofHours(1)));
                Until.so("a waiter", () -> one.status(ARM).waiters().size() == 1);
                first.close();
                Until.so("a hand-over", Duration.ofSeconds(5), next::isDone);
                next.join().close();
                assertThat(one.roots()).isEmpty();
            }
            backend.close();
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused(@TempDir Path folder) throws Exception {
        try (OwnRedis redis = OwnRedis.start();
                TlsProxy proxy = TlsProxy.before(folder, redis.uri().getPort());
                RedisClient client = RedisClient.create(uri(proxy));
                RedisLockBackend backend = RedisLockBackend.create(client)) {
            assertThatThrownBy(() -> ObjectLocks.builder().backend(backend).build())
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("no connection to Redis");
        }
    }

    private static RedisURI uri(TlsProxy proxy) {
        return RedisURI.builder()
                .withHost("localhost")
                .withPort(proxy.port())
                .withSsl(true)
                .build();
    }
}
