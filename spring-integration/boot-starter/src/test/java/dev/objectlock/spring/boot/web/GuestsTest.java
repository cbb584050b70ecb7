package dev.objectlock.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.spring.boot.OwnClassPath;
import dev.objectlock.spring.boot.app.guests.GuestsApplication;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Without Spring Security each browser session is a guest, with no configuration, behind a real server. */
@Tag("own-class-path")
class GuestsTest {

    private static final String[] SECURITY = {"spring-boot-security", "spring-security", "spring-boot-starter-security"
    };

    @Test
    void aUserMethodExcludesASecondBrowserSession() throws Exception {
        assertThat(run("secondSession")).isEqualTo("200, then 423, then 200");
    }

    @Test
    void aMonitorMethodExcludesASecondThread() throws Exception {
        assertThat(run("mostThreads")).isEqualTo(1);
    }

    @Test
    void guestsCanBeRefused() throws Exception {
        assertThat((String) run("refused"))
                .startsWith("401 ")
                .contains("room:2")
                .contains("log in first");
    }

    private static Object run(String what) throws Exception {
        try (URLClassLoader loader = OwnClassPath.without(SECURITY)) {
            return OwnClassPath.call(loader, GuestsApplication.class.getName(), what);
        }
    }
}
