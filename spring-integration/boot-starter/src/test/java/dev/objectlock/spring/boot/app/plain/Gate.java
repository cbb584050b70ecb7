package dev.objectlock.spring.boot.app.plain;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import org.springframework.stereotype.Service;

@Service
public class Gate {

    @ObjectLock(path = "gate:{id}", mode = LockMode.MONITOR)
    public void pass(String id, Runnable body) {
        body.run();
    }

    @ObjectLock(path = "gate:{id}/lamp", mode = LockMode.USER, keep = true)
    public void take(String id) {}

    @ObjectLock(path = "gate:{id}", mode = LockMode.MONITOR, waitFor = "0s")
    public void passAtOnce(String id, Runnable body) {
        body.run();
    }
}
