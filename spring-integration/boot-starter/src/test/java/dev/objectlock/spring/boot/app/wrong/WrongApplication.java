package dev.objectlock.spring.boot.app.wrong;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Service;

@SpringBootApplication
public class WrongApplication {

    @Service
    public static class Wrong {
        @ObjectLock(path = "thing:{nothing}", mode = LockMode.MONITOR)
        public void change(String id) {}
    }
}
