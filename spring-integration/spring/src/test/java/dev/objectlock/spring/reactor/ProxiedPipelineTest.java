package dev.objectlock.spring.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.ObjectLocks;
import dev.objectlock.spring.EnableObjectLocks;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class ProxiedPipelineTest extends PipelineCases {

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    @BeforeEach
    void start() {
        context.registerBean(ObjectLocks.class, () -> locks);
        context.register(App.class);
        context.refresh();
        robot = context.getBean(Robot.class);
        marked = context.getBean(Robot.Marked.class);
    }

    @Override
    void stop() {
        context.close();
    }

    @Test
    void itHasAProxy() {
        assertThat(AopUtils.isAopProxy(robot)).isTrue();
    }

    @Configuration
    @EnableObjectLocks
    @Import({ProxiedRobot.class, ProxiedRobot.OfMarkedClass.class})
    static class App {}
}
