package dev.objectlock.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.spring.boot.app.plain.PlainApplication;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application starts, and its locks exclude, whatever else it has on its class path. */
@Tag("own-class-path")
class ClassPathTest {

    /** Everything that the starter does not bring along. */
    private static final String[] OPTIONAL = {
        "spring-boot-webmvc",
        "spring-boot-servlet",
        "spring-web",
        "spring-messaging",
        "spring-boot-http",
        "spring-boot-security",
        "spring-security",
        "spring-boot-actuator",
        "spring-boot-health",
        "spring-boot-micrometer",
        "micrometer",
        "spring-boot-transaction",
        "spring-boot-persistence",
        "spring-tx",
        "spring-boot-data",
        "spring-data",
        "spring-boot-netty",
        "lettuce",
        "netty",
        "objectlock-redis",
        "embedded-redis",
        "spring-boot-jdbc",
        "spring-boot-sql",
        "spring-jdbc",
        "spring-boot-tomcat",
        "tomcat",
        "spring-boot-jackson",
        "jackson",
        "spring-boot-web-server",
        "spring-boot-starter-",
        "spring-boot-test",
        "spring-test",
        "spring-core-test",
        "aspectjweaver",
        "reactor",
        "h2",
        "HikariCP",
        "junit",
        "mockito",
        "assertj"
    };

    @Test
    void theStarterAloneIsEnough() throws Exception {
        try (URLClassLoader loader = OwnClassPath.without(OPTIONAL)) {
            assertThatThrownBy(() -> loader.loadClass("org.springframework.transaction.TransactionManager"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThat(mostAtOnce(loader)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring-boot-actuator", "spring-security", "spring-tx", "spring-web"})
    void anyOfTheOthersCanBeMissing(String missing) throws Exception {
        try (URLClassLoader loader =
                OwnClassPath.without(missing, "spring-boot-jdbc", "spring-boot-data", "spring-boot-starter-")) {
            assertThat(mostAtOnce(loader)).isEqualTo(1);
        }
    }

    private static Object mostAtOnce(ClassLoader loader) throws ReflectiveOperationException {
        return OwnClassPath.call(loader, PlainApplication.class.getName(), "mostAtOnce");
    }
}
