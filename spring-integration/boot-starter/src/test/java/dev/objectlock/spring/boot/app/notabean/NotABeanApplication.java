package dev.objectlock.spring.boot.app.notabean;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class NotABeanApplication {

    /** Somebody makes these with new. */
    public static class Forgotten {
        @ObjectLock(path = "thing:{id}", mode = LockMode.MONITOR)
        public void change(String id) {}
    }
}
