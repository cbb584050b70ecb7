package dev.objectlock.benchmarks.redis;

import io.lettuce.core.RedisURI;
import java.util.stream.Stream;

/** What is measured. */
enum Candidate {
    SCRIPTS("scripts", "two bare scripts ¹"),
    BACKEND("backend", "ObjectLock's backend alone"),
    MONITOR("monitor", "ObjectLock, MONITOR"),
    USER("user", "ObjectLock, USER"),
    RLOCK("rlock", "Redisson `RLock`"),
    FENCED("fenced", "Redisson `RFencedLock`"),
    PUB_SUB("pubsub", "`RedisLockRegistry`, PUB_SUB_LOCK"),
    SPIN("spin", "`RedisLockRegistry`, SPIN_LOCK ²"),
    SHEDLOCK("shedlock", "ShedLock ¹");

    private final String id;
    private final String label;

    Candidate(String id, String label) {
        this.id = id;
        this.label = label;
    }

    /** What it is called on the command line and in the figures. */
    String id() {
        return id;
    }

    /** What it is called on the page. */
    String label() {
        return label;
    }

    Peer open(RedisURI uri) {
        return switch (this) {
            case SCRIPTS -> new ScriptsPeer(uri);
            case BACKEND -> new BackendPeer(uri);
            case MONITOR -> EnginePeer.monitor(uri);
            case USER -> EnginePeer.user(uri);
            case RLOCK -> RedissonPeer.plain(uri);
            case FENCED -> RedissonPeer.fenced(uri);
            case PUB_SUB -> SpringPeer.pubSub(uri);
            case SPIN -> SpringPeer.spin(uri);
            case SHEDLOCK -> new ShedLockPeer(uri);
        };
    }

    static Candidate of(String id) {
        for (Candidate one : values()) {
            if (one.id.equals(id)) {
                return one;
            }
        }
        throw new IllegalArgumentException("there is neither a case nor a peer \"" + id + "\"; the peers are "
                + Stream.of(values()).map(Candidate::id).toList());
    }
}
