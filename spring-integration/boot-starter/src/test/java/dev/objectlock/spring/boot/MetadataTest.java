package dev.objectlock.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an IDE shows of the properties. */
class MetadataTest {

    private final DocumentContext metadata = metadata();

    @Test
    void everyPropertyIsExplained() {
        List<Map<String, Object>> properties = metadata.read("$.properties[?(@.name =~ /objectlock\\..*/)]");

        assertThat(properties)
                .extracting(property -> property.get("name"))
                .containsExactlyInAnyOrder(
                        "objectlock.enabled",
                        "objectlock.mode",
                        "objectlock.backend",
                        "objectlock.order",
                        "objectlock.uncovered-methods",
                        "objectlock.scan",
                        "objectlock.guests",
                        "objectlock.session-policy",
                        "objectlock.session-grace",
                        "objectlock.any-client-releases",
                        "objectlock.without-store",
                        "objectlock.transactions.idle",
                        "objectlock.transactions.undo-steps",
                        "objectlock.transactions.undo-bytes",
                        "objectlock.redis.prefix",
                        "objectlock.redis.buckets",
                        "objectlock.redis.process-timeout",
                        "objectlock.redis.reply-timeout",
                        "objectlock.redis.replicas",
                        "objectlock.redis.replica-timeout");
        assertThat(properties).allSatisfy(property -> assertThat((String) property.get("description"))
                .endsWith("."));
    }

    @Test
    void defaultsAreShown() {
        assertThat(defaultOf("objectlock.enabled")).isEqualTo(true);
        assertThat(defaultOf("objectlock.mode")).isEqualTo("proxy");
        assertThat(defaultOf("objectlock.backend")).isEqualTo("memory");
        assertThat(defaultOf("objectlock.order")).isEqualTo(dev.objectlock.spring.EnableObjectLocks.ORDER);
        assertThat(defaultOf("objectlock.uncovered-methods")).isEqualTo("fail");
        assertThat(defaultOf("objectlock.scan")).isEqualTo(true);
        assertThat(defaultOf("objectlock.guests")).isEqualTo("auto");
        assertThat(defaultOf("objectlock.session-policy")).isEqualTo("release");
        assertThat(defaultOf("objectlock.without-store")).isEqualTo("refuse");
        assertThat(defaultOf("objectlock.transactions.idle")).isEqualTo("10s");
        assertThat(defaultOf("objectlock.transactions.undo-steps")).isEqualTo(50);
        assertThat(defaultOf("objectlock.transactions.undo-bytes")).isEqualTo("64MB");
        assertThat(defaultOf("objectlock.redis.prefix")).isEqualTo("objectlock");
        assertThat(defaultOf("objectlock.redis.process-timeout")).isEqualTo("30s");
        assertThat(defaultOf("objectlock.redis.reply-timeout")).isEqualTo("5s");
        assertThat(defaultOf("objectlock.redis.replicas")).isEqualTo(0);
        assertThat(defaultOf("objectlock.redis.replica-timeout")).isEqualTo("1s");
        assertThat(defaultOf("management.health.objectlocks.enabled")).isEqualTo(true);
    }

    @Test
    void valuesAreExplained() {
        List<String> values = metadata.read("$.hints[?(@.name == 'objectlock.uncovered-methods')].values[*].value");

        assertThat(values).containsExactly("fail", "warn");
    }

    @Test
    void theAccessToTheEndpointIsAProperty() {
        List<String> names = metadata.read("$.properties[*].name");

        assertThat(names).contains("management.endpoint.objectlocks.access");
    }

    private Object defaultOf(String name) {
        List<Object> found = metadata.read("$.properties[?(@.name == '" + name + "')].defaultValue");
        return found.get(0);
    }

    private static DocumentContext metadata() {
        String file = "META-INF/spring-configuration-metadata.json";
        ClassLoader loader = ObjectLocksProperties.class.getClassLoader();
        String ours = ObjectLocksProperties.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        try {
            var all = loader.getResources(file).asIterator();
            while (all.hasNext()) {
                var url = all.next();
                if (url.toString().contains(ours)) {
                    try (InputStream in = url.openStream()) {
                        return JsonPath.parse(in);
                    }
                }
            }
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
        throw new AssertionError(ours + " has no " + file);
    }
}
