package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import java.util.List;

/** The few objects, owners and kinds of hold that are enough for everything to meet everything. */
final class SmallWorld {

    /** Above, below, beside, and under another root. */
    static final List<LockPath> PATHS =
            List.of(LockPath.parse("a"), LockPath.parse("a/b"), LockPath.parse("a/c"), LockPath.parse("z"));

    /** What one request can name: each object alone, and two beside each other. */
    static final List<List<LockPath>> TARGETS = List.of(
            List.of(PATHS.get(0)),
            List.of(PATHS.get(1)),
            List.of(PATHS.get(2)),
            List.of(PATHS.get(3)),
            List.of(PATHS.get(1), PATHS.get(2)));

    /** One user on two clients, and another user: the owner of each thread. */
    static final List<LockOwner> OWNERS = List.of(
            new LockOwner("alice", "c1", "f1"), new LockOwner("alice", "c2", "f2"), new LockOwner("bob", "c3", "f3"));

    /** What is asked for, by a small number. */
    enum Kind {
        USER_TREE(LockMode.USER, LockScope.TREE, LockAccess.EXCLUSIVE),
        USER_OBJECT(LockMode.USER, LockScope.OBJECT, LockAccess.EXCLUSIVE),
        SHARED_TREE(LockMode.USER, LockScope.TREE, LockAccess.SHARED),
        CLIENT_TREE(LockMode.CLIENT, LockScope.TREE, LockAccess.EXCLUSIVE),
        MONITOR(LockMode.MONITOR, LockScope.OBJECT, LockAccess.EXCLUSIVE);

        final LockMode mode;
        final LockScope scope;
        final LockAccess access;

        Kind(LockMode mode, LockScope scope, LockAccess access) {
            this.mode = mode;
            this.scope = scope;
            this.access = access;
        }

        List<Claim> scoped(int target) {
            Terms terms = Terms.scoped(mode, scope, access);
            return TARGETS.get(target).stream()
                    .map(path -> new Claim(path, terms))
                    .toList();
        }

        Claim kept(int path) {
            return new Claim(PATHS.get(path), Terms.kept(mode, scope, access, null));
        }
    }

    private static final List<Kind> KINDS = List.of(Kind.values());

    private SmallWorld() {}

    static int who(int thread) {
        return thread % OWNERS.size();
    }

    static Kind kind(int number) {
        return KINDS.get(number);
    }
}
