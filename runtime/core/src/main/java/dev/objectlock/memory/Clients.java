package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.LockTime.Alarm;
import dev.objectlock.Renewal;
import dev.objectlock.SessionPolicy;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.backend.Connection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which clients there are, and which kept holds and waiters end with which. All that concerns one user is changed within
 * one {@code compute} of the map, which is its mutual exclusion.
 */
final class Clients {

    private static final Ending NOTHING = new Ending(List.of(), List.of());

    private final ConcurrentMap<String, User> users = new ConcurrentHashMap<>();

    /** The clients with a session, by name. */
    private final ConcurrentMap<String, Client> sessions = new ConcurrentHashMap<>();

    private final AtomicLong connections = new AtomicLong();

    /** All of one user's. */
    private static final class User {
        final Map<String, Client> clients = new HashMap<>(2);
        final Chain holds = new Chain();

        Client client(LockOwner owner) {
            return clients.computeIfAbsent(nameOf(owner), name -> new Client(owner));
        }

        boolean hasClients() {
            return clients.values().stream().anyMatch(client -> client.session && client.counts);
        }

        boolean isEmpty() {
            return clients.isEmpty() && holds.first == null;
        }
    }

    /** A client: with a session, or merely a name under which holds were taken. */
    private static final class Client {
        final LockOwner owner;
        final Chain holds = new Chain();
        final Set<Waiter> waiters = new LinkedHashSet<>(1);
        String secret = "";
        SessionPolicy policy = SessionPolicy.RELEASE;
        boolean session;

        /** Null while its connection is lost. */
        @Nullable
        MemoryProcess process;

        long number;

        /** Whether it keeps the user's USER holds alive; one whose connection is lost does so until the user is back. */
        boolean counts;

        @Nullable
        Alarm grace;

        Client(LockOwner owner) {
            this.owner = new LockOwner(owner.user(), owner.client(), null);
        }

        void endGrace() {
            if (grace != null) {
                grace.cancel();
                grace = null;
            }
        }

        boolean isEmpty() {
            return !session && holds.first == null && waiters.isEmpty();
        }
    }

    /** Holds of one owner, linked through themselves. */
    private static final class Chain {
        private @Nullable KeptHeld first;

        void add(KeptHeld held) {
            held.nextOfOwner = first;
            if (first != null) {
                first.previousOfOwner = held;
            }
            first = held;
        }

        void remove(KeptHeld held) {
            KeptHeld previous = held.previousOfOwner;
            KeptHeld next = held.nextOfOwner;
            if (previous == null && first != held) {
                return;
            }
            if (previous == null) {
                first = next;
            } else {
                previous.nextOfOwner = next;
            }
            if (next != null) {
                next.previousOfOwner = previous;
            }
            held.previousOfOwner = null;
            held.nextOfOwner = null;
        }

        /** What a client took lives with the process to which it is connected; so does what is left of a process that is gone. */
        void follow(Client client, MemoryProcess process) {
            for (KeptHeld held = first; held != null; held = held.nextOfOwner) {
                boolean own = nameOf(client.owner).equals(held.owner().client());
                if (held.byClient && (own || held.process.hasLeft())) {
                    held.follow(process);
                }
            }
        }

        /** Of those that beats renew. */
        @Nullable
        Duration shortestLease() {
            Duration shortest = null;
            for (KeptHeld held = first; held != null; held = held.nextOfOwner) {
                if (held.terms().renewal() == Renewal.AUTO) {
                    shortest = shorter(shortest, held.terms().lease());
                }
            }
            return shortest;
        }

        void addTo(List<KeptHeld> all, boolean ofSessions) {
            for (KeptHeld held = first; held != null; held = held.nextOfOwner) {
                if (!ofSessions || held.byClient && !held.outlivesClient()) {
                    all.add(held);
                }
            }
        }
    }

    /**
     * What ends with a client, and who has to look after what does not.
     *
     * @param holds kept holds
     * @param waiters places in lines
     * @param renews the process whose beats renew what the user has left, or null
     * @param lease the shortest lease of that, or null if nothing is to be renewed
     */
    record Ending(
            List<KeptHeld> holds, List<Waiter> waiters, @Nullable MemoryProcess renews, @Nullable Duration lease) {

        Ending(List<KeptHeld> holds, List<Waiter> waiters) {
            this(holds, waiters, null, null);
        }
    }

    /**
     * A client that was connected again.
     *
     * @param connection its new connection; null if it has got none
     * @param former where it was connected before, or null
     * @param formerProcess the process of that
     * @param waiters places in lines that end with the former connection
     */
    record Resumed(
            @Nullable Connection connection,
            @Nullable Connection former,
            @Nullable MemoryProcess formerProcess,
            List<Waiter> waiters) {

        /** It is not to be connected here. */
        static final Resumed ELSEWHERE = new Resumed(null, null, null, List.of());
    }

    Connection open(MemoryProcess process, LockOwner owner, String secret, SessionPolicy policy) {
        return of(owner, user -> {
            Client client = user.client(owner);
            client.secret = secret;
            client.policy = policy;
            sessions.put(nameOf(owner), client);
            return connect(user, client, process);
        });
    }

    /** Whoever logs in is back: what lost its connection, and is not to stay, no longer keeps the user's holds alive. */
    private Connection connect(User user, Client client, MemoryProcess process) {
        user.clients.values().stream()
                .filter(other -> other.process == null && other.policy.kind() != SessionPolicy.Kind.STAY)
                .forEach(other -> other.counts = false);
        client.endGrace();
        client.session = true;
        client.counts = true;
        client.process = process;
        client.holds.follow(client, process);
        user.holds.follow(client, process);
        client.number = connections.incrementAndGet();
        return new Connection(
                client.owner,
                client.policy,
                client.number,
                shorter(client.holds.shortestLease(), user.holds.shortestLease()));
    }

    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Connection connectionOf(Client client) {
        return new Connection(client.owner, client.policy, client.number, null);
    }

    /**
     * Connects a client again.
     *
     * @param latest the number of the last connection of which the process knows, or the largest if that does not matter
     * @return null if there is no such client; {@link Resumed#ELSEWHERE} if it has another connection since
     */
    @Nullable
    Resumed resume(MemoryProcess process, String name, String secret, long latest) {
        Client known = sessions.get(name);
        if (known == null || !isSame(known.secret, secret)) {
            return null;
        }
        return of(known.owner, user -> {
            Client client = user.clients.get(name);
            if (client != known || !client.session) {
                return null;
            }
            if (client.number > latest) {
                return Resumed.ELSEWHERE;
            }
            MemoryProcess before = client.process;
            Connection former = before == null ? null : connectionOf(client);
            return new Resumed(connect(user, client, process), former, before, List.copyOf(client.waiters));
        });
    }

    /** Digests are compared in constant time, so that nobody can feel his way to one. */
    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** The connection is lost; {@code graceOver} is set to ring when the client has not come back in time. */
    Ending disconnect(Connection connection, Function<Duration, Alarm> graceOver) {
        return of(connection.client(), user -> {
            Client client = connected(user, connection);
            if (client == null) {
                return NOTHING;
            }
            if (client.policy.kind() == SessionPolicy.Kind.RELEASE) {
                return end(user, client);
            }
            client.process = null;
            if (client.policy.grace() != null) {
                client.grace = graceOver.apply(client.policy.grace());
            }
            return new Ending(List.of(), List.copyOf(client.waiters));
        });
    }

    Ending logout(Connection connection) {
        return of(connection.client(), user -> {
            // Its process may have been dead before the store heard of it.
            Client client = ofConnection(user, connection);
            return client == null ? NOTHING : end(user, client);
        });
    }

    Ending graceOver(Connection connection) {
        return of(connection.client(), user -> {
            Client client = user.clients.get(nameOf(connection.client()));
            if (client == null || !client.session || client.process != null || client.number != connection.number()) {
                return NOTHING;
            }
            return end(user, client);
        });
    }

    /**
     * Ends all of a user. The processes are told within: whatever one of the clients is granted to keep afterwards is given
     * back by its process, which knows by then.
     */
    Ending endUser(String name) {
        return of(name, null, user -> {
            List<KeptHeld> holds = new ArrayList<>();
            List<Waiter> waiters = new ArrayList<>();
            user.holds.addTo(holds, false);
            for (Client client : List.copyOf(user.clients.values())) {
                client.holds.addTo(holds, false);
                waiters.addAll(client.waiters);
                if (client.process != null) {
                    client.process.listener().over(connectionOf(client));
                }
                endSession(client);
            }
            user.clients.values().removeIf(Client::isEmpty);
            return new Ending(holds, waiters);
        });
    }

    private static @Nullable Client connected(User user, Connection connection) {
        Client client = ofConnection(user, connection);
        return client != null && client.process != null ? client : null;
    }

    private static @Nullable Client ofConnection(User user, Connection connection) {
        Client client = user.clients.get(nameOf(connection.client()));
        return client != null && client.session && client.number == connection.number() ? client : null;
    }

    private Ending end(User user, Client client) {
        endSession(client);
        List<KeptHeld> holds = new ArrayList<>();
        client.holds.addTo(holds, true);
        if (!user.hasClients()) {
            user.holds.addTo(holds, true);
            return new Ending(holds, List.copyOf(client.waiters));
        }
        Client left = user.clients.values().stream()
                .filter(other -> other.process != null)
                .findAny()
                .orElse(null);
        if (left == null) {
            return new Ending(holds, List.copyOf(client.waiters));
        }
        user.holds.follow(left, Objects.requireNonNull(left.process));
        return new Ending(holds, List.copyOf(client.waiters), left.process, user.holds.shortestLease());
    }

    private void endSession(Client client) {
        client.endGrace();
        client.session = false;
        client.process = null;
        sessions.remove(nameOf(client.owner), client);
    }

    /** The connections to a process. */
    List<Connection> connectionsTo(MemoryProcess process) {
        List<Connection> all = new ArrayList<>();
        for (Client client : sessions.values()) {
            of(client.owner, user -> client.process == process && all.add(connectionOf(client)));
        }
        return all;
    }

    void add(KeptHeld held) {
        of(held.owner(), user -> {
            Client client = user.client(held.owner());
            held.byClient = client.session;
            held.belongsToAll(client.owner);
            chain(user, client, held).add(held);
            return true;
        });
    }

    /** A user hold that was also taken without a session outlives the user's clients. */
    void takenAgain(KeptHeld held, LockOwner owner) {
        if (held.byClient) {
            of(owner, user -> {
                Client client = user.clients.get(nameOf(owner));
                held.byClient = client != null && client.session;
                return true;
            });
        }
    }

    void remove(KeptHeld held) {
        of(held.owner(), user -> {
            chain(user, user.client(held.owner()), held).remove(held);
            return true;
        });
    }

    void add(Waiter waiter) {
        of(waiter.ask.owner(), user -> user.client(waiter.ask.owner()).waiters.add(waiter));
    }

    void remove(Waiter waiter) {
        of(waiter.ask.owner(), user -> user.client(waiter.ask.owner()).waiters.remove(waiter));
    }

    /** Forgets all, as a store does that begins anew. */
    void clear() {
        sessions.values().forEach(Client::endGrace);
        sessions.clear();
        users.clear();
    }

    private static Chain chain(User user, Client client, KeptHeld held) {
        return held.terms().mode() == LockMode.USER ? user.holds : client.holds;
    }

    private <T extends @Nullable Object> T of(LockOwner owner, Function<User, T> change) {
        return of(key(owner), nameOf(owner), change);
    }

    /** Changes what is known of a user; what is empty afterwards is forgotten, the one client included. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private <T extends @Nullable Object> T of(String key, @Nullable String clientName, Function<User, T> change) {
        @Nullable Object[] result = {null};
        users.compute(key, (name, known) -> {
            User user = known == null ? new User() : known;
            result[0] = change.apply(user);
            if (clientName != null) {
                user.clients.computeIfPresent(clientName, (same, client) -> client.isEmpty() ? null : client);
            }
            return user.isEmpty() ? null : user;
        });
        return (T) result[0];
    }

    /** Nobody is the same user as nobody, so that each client of nobody stands for itself. */
    private static String key(LockOwner owner) {
        return owner.user() != null ? owner.user() : "\0" + owner.client();
    }

    private static String nameOf(LockOwner owner) {
        return String.valueOf(owner.client());
    }
}
