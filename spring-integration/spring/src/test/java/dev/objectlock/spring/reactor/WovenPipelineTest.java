package dev.objectlock.spring.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.ObjectLocks;
import dev.objectlock.memory.MemoryLockBackend;
import dev.objectlock.spring.reactor.woven.WovenRobot;
import dev.objectlock.test.LockAssertions;
import dev.objectlock.weave.Woven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class WovenPipelineTest extends PipelineCases {

    @BeforeEach
    void install() {
        ObjectLocks.install(locks);
        robot = new WovenRobot();
        marked = new WovenRobot.OfMarkedClass();
    }

    @AfterEach
    void uninstall() {
        ObjectLocks.uninstall(locks);
    }

    @Test
    void itIsWovenAndWhatIsForProxiesIsNot() throws Exception {
        assertThat(WovenRobot.class.getMethod("move", Mono.class).isAnnotationPresent(Woven.class))
                .isTrue();
        assertThat(ProxiedRobot.class.getMethod("move", Mono.class).isAnnotationPresent(Woven.class))
                .isFalse();
    }

    @Test
    void noThreadOfAnEventLoopWaitsForAStoreThatMayBeElsewhere() {
        List<Boolean> onEventLoop = new ArrayList<>();
        try (ObjectLocks elsewhere = ObjectLocks.builder()
                .backend(MemoryLockBackend.create(time, Duration.ofSeconds(30)))
                .build()) {
            for (ObjectLocks one : List.of(locks, elsewhere)) {
                Mono<String> moved =
                        one.callAs(ALICE, () -> robot.move(Mono.just("moved").publishOn(Schedulers.parallel())));
                StepVerifier.create(moved.doOnNext(value -> onEventLoop.add(Schedulers.isInNonBlockingThread())))
                        .expectNext("moved")
                        .expectComplete()
                        .verify(Duration.ofSeconds(20));
                LockAssertions.assertNothingHeld(one);
            }
        }
        assertThat(onEventLoop).containsExactly(true, false);
    }
}
