package dev.objectlock.spring.boot.app.hidden;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Service;

@SpringBootApplication
public class HiddenApplication {

    @Service
    public static class Hidden {
        @ObjectLock(path = "thing:{id}", mode = LockMode.MONITOR)
        public final void change(String id) {}

        public String touch() {
            return look("1");
        }

        @ObjectLock(path = "thing:{id}", mode = LockMode.MONITOR)
        private String look(String id) {
            return id;
        }
    }
}
