package dev.objectlock.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.objectlock.spring.boot.app.backends.BackendsApplication;
import dev.objectlock.spring.boot.app.hidden.HiddenApplication;
import dev.objectlock.spring.boot.app.notabean.NotABeanApplication;
import dev.objectlock.spring.boot.app.wrong.WrongApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** An application whose locks would not work does not start, and says why and what to do. */
@ExtendWith(OutputCaptureExtension.class)
class NotStartingTest {

    @Test
    void aWrongAnnotationIsNamed(CapturedOutput output) {
        assertThatThrownBy(() -> start(WrongApplication.class)).isInstanceOf(Exception.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Wrong.change(String)")
                .contains("nothing")
                .contains("Correct the annotation, setting or bean that is named above.");
    }

    @Test
    void methodsThatAProxyDoesNotSeeAreNamed(CapturedOutput output) {
        assertThatThrownBy(() -> start(HiddenApplication.class)).isInstanceOf(Exception.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("2 methods would be called without their locks")
                .contains("Hidden.change(String): of the bean")
                .contains("is final, which a proxy does not see")
                .contains("Hidden.look(String): of the bean")
                .contains("is private, which a proxy does not see")
                .contains("set objectlock.uncovered-methods=warn");
    }

    @Test
    void methodsThatAProxyDoesNotSeeCanBeAllowed(CapturedOutput output) {
        try (ConfigurableApplicationContext context =
                start(HiddenApplication.class, "--objectlock.uncovered-methods=warn")) {
            assertThat(context.isActive()).isTrue();
        }
        assertThat(output)
                .contains("WARN")
                .contains("2 methods would be called without their locks")
                .contains("Hidden.look(String)");
    }

    @Test
    void aClassThatIsNotABeanIsNamed(CapturedOutput output) {
        assertThatThrownBy(() -> start(NotABeanApplication.class)).isInstanceOf(Exception.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("a method would be called without its lock")
                .contains("Forgotten.change(String): Forgotten is not a bean");
    }

    @Test
    void classesThatAreNotBeansNeedNotBeLookedFor(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start(NotABeanApplication.class, "--objectlock.scan=false")) {
            assertThat(context.isActive()).isTrue();
        }
        assertThat(output).doesNotContain("Forgotten");
    }

    @Test
    void severalBackendsAreNamed(CapturedOutput output) {
        assertThatThrownBy(() -> start(BackendsApplication.class)).isInstanceOf(Exception.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("there are 2 LockBackend beans, [here, there]")
                .contains("Remove all LockBackend beans but one");
    }

    private static ConfigurableApplicationContext start(Class<?> type, String... args) {
        SpringApplication application = new SpringApplication(type);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(args);
    }
}
