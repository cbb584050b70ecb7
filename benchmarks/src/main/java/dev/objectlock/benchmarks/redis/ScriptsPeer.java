package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.UUID;

/** The least that a lock can be: a script that sets a key, and one that deletes it if it is still one's own. */
final class ScriptsPeer implements Peer {

    private static final String TAKE =
            "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 else return 0 end";
    private static final String GIVE_BACK =
            "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";
    private static final String LEASE_MILLIS = "30000";

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisCommands<String, String> commands;
    private final String take;
    private final String giveBack;

    ScriptsPeer(RedisURI uri) {
        client = RedisClient.create(uri);
        connection = client.connect();
        commands = connection.sync();
        take = commands.scriptLoad(TAKE);
        giveBack = commands.scriptLoad(GIVE_BACK);
    }

    @Override
    public Mutex mutex(int object) {
        return new Key(new String[] {Peer.key(object)}, UUID.randomUUID().toString());
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }

    private final class Key implements Polled {

        private final String[] keys;
        private final String mine;

        Key(String[] keys, String mine) {
            this.keys = keys;
            this.mine = mine;
        }

        @Override
        public boolean tryAcquire() {
            Long taken = commands.evalsha(take, ScriptOutputType.INTEGER, keys, mine, LEASE_MILLIS);
            return taken == 1;
        }

        @Override
        public void release() {
            Long deleted = commands.evalsha(giveBack, ScriptOutputType.INTEGER, keys, mine);
            if (deleted != 1) {
                throw new IllegalStateException(keys[0] + " was not held");
            }
        }
    }
}
