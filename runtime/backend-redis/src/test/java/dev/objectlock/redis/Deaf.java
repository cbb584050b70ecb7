package dev.objectlock.redis;

import dev.objectlock.LockEvent;
import dev.objectlock.Loss;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Connection;
import dev.objectlock.backend.ProcessListener;

/** Not interested in what the store tells. */
class Deaf implements ProcessListener {

    @Override
    public void happened(LockEvent event) {}

    @Override
    public void lost(Ask ask, Loss loss) {}

    @Override
    public void over(Connection connection) {}

    @Override
    public void historyOver(String root, long fence) {}

    @Override
    public void missed() {}
}
