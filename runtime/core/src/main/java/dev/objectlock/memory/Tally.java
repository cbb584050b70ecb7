package dev.objectlock.memory;

import dev.objectlock.LockOwner;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import dev.objectlock.memory.HoldSet.Place;
import dev.objectlock.memory.HoldSet.Search;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds counted by kind and access, and within these by user and client.
 *
 * <p>This says {@link dev.objectlock.backend.ConflictRule} a second time, in numbers: of each kind of hold a request
 * tolerates either those of its user or those of its client, so it conflicts if there are more than these. A random test
 * compares the two.
 */
final class Tally {

    /** What the rule tells apart. */
    private enum Kind {
        KEPT_USER,
        SCOPED_USER,
        KEPT_CLIENT,
        SCOPED_CLIENT,
        KEPT_MONITOR,
        SCOPED_MONITOR,
        KEPT_SLOT,
        SCOPED_SLOT;

        static final List<Kind> ALL = List.of(values());

        static Kind of(Terms terms) {
            if (terms.isSlot()) {
                return terms.kept() ? KEPT_SLOT : SCOPED_SLOT;
            }
            return switch (terms.mode()) {
                case USER -> terms.kept() ? KEPT_USER : SCOPED_USER;
                case CLIENT -> terms.kept() ? KEPT_CLIENT : SCOPED_CLIENT;
                case MONITOR -> terms.kept() ? KEPT_MONITOR : SCOPED_MONITOR;
            };
        }

        boolean isKept() {
            return this == KEPT_USER || this == KEPT_CLIENT || this == KEPT_MONITOR || this == KEPT_SLOT;
        }

        boolean isUser() {
            return this == KEPT_USER || this == SCOPED_USER;
        }

        boolean isClient() {
            return this == KEPT_CLIENT || this == SCOPED_CLIENT;
        }

        boolean isMonitor() {
            return this == KEPT_MONITOR || this == SCOPED_MONITOR || isSlot();
        }

        boolean isSlot() {
            return this == KEPT_SLOT || this == SCOPED_SLOT;
        }

        /** Whether hold and request admit each other whenever the user is the same; else it takes the same client. */
        boolean sameUserIsEnough(Kind request) {
            return request == KEPT_USER || this == KEPT_USER || !isClient() && !request.isClient();
        }

        /** Whether, on one object, they would be two flows inside at once although one has the monitor. */
        boolean meetsInside(Kind request) {
            return (isMonitor() || request.isMonitor())
                    && !(isSlot() && request.isSlot())
                    && (isMonitor() || !isKept())
                    && (request.isMonitor() || !request.isKept());
        }
    }

    /** Kept apart by scope: from below only the tree holds are seen. */
    private final Side trees = new Side();

    private final Side objects = new Side();

    /** Holds with an extent are among the others too, but on their own object counting cannot compare them. */
    private final Set<Held> narrowed = new LinkedHashSet<>();

    void add(Held held) {
        if (held.claim.extent() != null) {
            narrowed.add(held);
        }
        side(held)
                .groups(held)
                .computeIfAbsent(Kind.of(held.terms()), kind -> new Group())
                .add(held);
    }

    void remove(Held held) {
        narrowed.remove(held);
        Group group = side(held).groups(held).get(Kind.of(held.terms()));
        if (group != null) {
            group.remove(held);
        }
    }

    @Nullable
    Held conflict(Claim claim, LockOwner owner, Search search, Place place) {
        if (place == Place.ON && (claim.extent() != null || !narrowed.isEmpty())) {
            return conflictOneByOne(claim, owner, search);
        }
        Kind request = Kind.of(claim.terms());
        boolean sharedToo = claim.terms().access() == LockAccess.EXCLUSIVE;
        Held found = conflict(trees, request, owner, sharedToo, search, place);
        if (found == null && place != Place.ABOVE) {
            found = conflict(objects, request, owner, sharedToo, search, place);
        }
        return found;
    }

    private static @Nullable Held conflict(
            Side side, Kind request, LockOwner owner, boolean sharedToo, Search search, Place place) {
        Held found = conflict(side.exclusive, request, owner, search, place);
        return found == null && sharedToo ? conflict(side.shared, request, owner, search, place) : found;
    }

    private static @Nullable Held conflict(
            Map<Kind, Group> groups, Kind request, LockOwner owner, Search search, Place place) {
        for (Map.Entry<Kind, Group> entry : groups.entrySet()) {
            Kind kind = entry.getKey();
            boolean wanted = entry.getValue().size > 0 && (search != Search.KEPT || kind.isKept());
            Held found = wanted ? conflict(entry.getValue(), kind, request, owner, place) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Held conflict(Group group, Kind kind, Kind request, LockOwner owner, Place place) {
        boolean bothMonitors = kind.isMonitor() && request.isMonitor();
        if (!bothMonitors) {
            Held stranger = group.notOf(owner, !kind.sameUserIsEnough(request));
            if (stranger != null) {
                return stranger;
            }
        }
        return place == Place.ON && kind.meetsInside(request) ? group.ofAnotherFlow(owner) : null;
    }

    /** Extents are compared one by one: there are as many as parts of one object are in use. */
    private @Nullable Held conflictOneByOne(Claim claim, LockOwner owner, Search search) {
        Held[] found = {null};
        forEach(held -> {
            if (found[0] == null && search.admits(held, owner) && held.conflictsWith(claim, owner)) {
                found[0] = held;
            }
        });
        return found[0];
    }

    void forEach(Consumer<Held> visitor) {
        trees.forEach(visitor);
        objects.forEach(visitor);
    }

    int slots() {
        return size(Kind.KEPT_SLOT) + size(Kind.SCOPED_SLOT);
    }

    private int size(Kind slot) {
        Group group = objects.exclusive.get(slot);
        return group == null ? 0 : group.size;
    }

    /** One who has a slot, a running call if there is one. */
    @Nullable
    Held slot() {
        Kind kind = size(Kind.SCOPED_SLOT) > 0 ? Kind.SCOPED_SLOT : Kind.KEPT_SLOT;
        Group group = objects.exclusive.get(kind);
        return group == null || group.size == 0 ? null : group.any();
    }

    void forEachKeptOf(LockOwner owner, Consumer<KeptHeld> visitor) {
        for (Kind kind : Kind.ALL) {
            if (kind.isKept()) {
                forEachOf(trees.exclusive.get(kind), kind, owner, visitor);
                forEachOf(trees.shared.get(kind), kind, owner, visitor);
                forEachOf(objects.exclusive.get(kind), kind, owner, visitor);
                forEachOf(objects.shared.get(kind), kind, owner, visitor);
            }
        }
    }

    /** Visits the scoped holds of an owner's user: as many as it has calls running. */
    void forEachScopedOf(LockOwner owner, Consumer<ScopedHeld> visitor) {
        trees.forEachScopedOf(owner, visitor);
        objects.forEachScopedOf(owner, visitor);
    }

    private static void forEachOf(@Nullable Group group, Kind kind, LockOwner owner, Consumer<KeptHeld> visitor) {
        UserHolds user = group == null ? null : group.users.get(Group.userKey(owner));
        if (user == null) {
            return;
        }
        Consumer<Held> own = held -> {
            if (held instanceof KeptHeld kept && held.belongsTo(owner)) {
                visitor.accept(kept);
            }
        };
        if (kind.isUser()) {
            user.clients.values().forEach(held -> held.forEach(own));
        } else {
            user.clients.getOrDefault(Group.clientKey(owner), Set.of()).forEach(own);
        }
    }

    private Side side(Held held) {
        return held.terms().isTree() ? trees : objects;
    }

    /** Holds of one scope, by access and kind. */
    private static final class Side {

        private final Map<Kind, Group> exclusive = new EnumMap<>(Kind.class);
        private final Map<Kind, Group> shared = new EnumMap<>(Kind.class);

        Map<Kind, Group> groups(Held held) {
            return held.terms().access() == LockAccess.SHARED ? shared : exclusive;
        }

        void forEachScopedOf(LockOwner owner, Consumer<ScopedHeld> visitor) {
            forEachScopedOf(exclusive, owner, visitor);
            forEachScopedOf(shared, owner, visitor);
        }

        private static void forEachScopedOf(Map<Kind, Group> groups, LockOwner owner, Consumer<ScopedHeld> visitor) {
            groups.forEach((kind, group) -> {
                UserHolds user = kind.isKept() ? null : group.users.get(Group.userKey(owner));
                if (user != null) {
                    user.clients.values().forEach(holds -> holds.forEach(held -> visitor.accept((ScopedHeld) held)));
                }
            });
        }

        void forEach(Consumer<Held> visitor) {
            exclusive.values().forEach(group -> group.forEach(visitor));
            shared.values().forEach(group -> group.forEach(visitor));
        }
    }

    /** Holds of one kind and access. */
    private static final class Group {

        private final Map<String, UserHolds> users = new LinkedHashMap<>();
        private int size;

        void add(Held held) {
            size++;
            users.computeIfAbsent(userKey(held.owner()), key -> new UserHolds()).add(held);
        }

        void remove(Held held) {
            UserHolds user = users.get(userKey(held.owner()));
            if (user != null && user.remove(held)) {
                size--;
                if (user.size == 0) {
                    users.remove(userKey(held.owner()));
                }
            }
        }

        /** Any hold of another user or, if so wanted, of another client. */
        @Nullable
        Held notOf(LockOwner owner, boolean sameClientOnly) {
            UserHolds own = users.get(userKey(owner));
            if (own != null && sameClientOnly) {
                Set<Held> ofClient = own.clients.get(clientKey(owner));
                if (own.size > (ofClient == null ? 0 : ofClient.size())) {
                    return firstOther(own.clients, ofClient).iterator().next();
                }
            }
            if (size == (own == null ? 0 : own.size)) {
                return null;
            }
            return firstOther(users, own).any();
        }

        Held any() {
            return users.values().iterator().next().any();
        }

        /** Any hold of another flow. Only the flow's own holds on this one object are passed over. */
        @Nullable
        Held ofAnotherFlow(LockOwner owner) {
            for (UserHolds user : users.values()) {
                for (Set<Held> holds : user.clients.values()) {
                    for (Held held : holds) {
                        if (!held.owner().isSameFlow(owner)) {
                            return held;
                        }
                    }
                }
            }
            return null;
        }

        void forEach(Consumer<Held> visitor) {
            users.values().forEach(user -> user.clients.values().forEach(held -> held.forEach(visitor)));
        }

        private static <V> V firstOther(Map<String, V> map, @Nullable V own) {
            for (V value : map.values()) {
                if (value != own) {
                    return value;
                }
            }
            throw new IllegalStateException("the counts of a tree do not agree");
        }

        /** Nobody is the same user as nobody, so an owner without a user stands for its flow alone. */
        static String userKey(LockOwner owner) {
            return owner.user() != null ? "u" + owner.user() : "f" + owner.client() + "/" + owner.flow();
        }

        static String clientKey(LockOwner owner) {
            return String.valueOf(owner.client());
        }
    }

    /** Holds of one user, by client. */
    private static final class UserHolds {

        private final Map<String, Set<Held>> clients = new LinkedHashMap<>();
        private int size;

        Held any() {
            return clients.values().iterator().next().iterator().next();
        }

        void add(Held held) {
            size++;
            clients.computeIfAbsent(Group.clientKey(held.owner()), key -> new LinkedHashSet<>())
                    .add(held);
        }

        boolean remove(Held held) {
            Set<Held> holds = clients.get(Group.clientKey(held.owner()));
            if (holds == null || !holds.remove(held)) {
                return false;
            }
            size--;
            if (holds.isEmpty()) {
                clients.remove(Group.clientKey(held.owner()));
            }
            return true;
        }
    }
}
