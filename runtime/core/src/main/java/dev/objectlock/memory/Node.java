package dev.objectlock.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An object of a tree with many holds: what is on it, and what is below it in all. */
final class Node {

    final @Nullable Node above;
    final HoldSet on = new HoldSet();
    final HoldSet below = new HoldSet();
    private final String segment;
    private final Map<String, Node> children = new HashMap<>(4);

    private Node(@Nullable Node above, String segment) {
        this.above = above;
        this.segment = segment;
    }

    static Node top() {
        return new Node(null, "");
    }

    /**
     * Finds the node of a path.
     *
     * @param belowRoot the path's segments below the root
     * @return the node, or the nearest that exists above it
     */
    Node nearest(String belowRoot) {
        Node node = this;
        for (int from = 0; from < belowRoot.length(); ) {
            int to = end(belowRoot, from);
            Node child = node.children.get(belowRoot.substring(from, to));
            if (child == null) {
                return node;
            }
            node = child;
            from = to + 1;
        }
        return node;
    }

    /** Finds the node of a path, or makes it. */
    Node make(String belowRoot) {
        Node node = this;
        for (int from = 0; from < belowRoot.length(); ) {
            int to = end(belowRoot, from);
            String name = belowRoot.substring(from, to);
            Node parent = node;
            node = node.children.computeIfAbsent(name, key -> new Node(parent, key));
            from = to + 1;
        }
        return node;
    }

    void add(Held held) {
        on.add(held);
        for (Node node = above; node != null; node = node.above) {
            node.below.add(held);
        }
    }

    void remove(Held held) {
        on.remove(held);
        for (Node node = above; node != null; node = node.above) {
            node.below.remove(held);
        }
        Node node = this;
        while (node.above != null && node.on.isEmpty() && node.below.isEmpty()) {
            node.above.children.remove(node.segment);
            node = node.above;
        }
    }

    /** Visits all holds on this object and below it. */
    void forEach(Consumer<Held> visitor) {
        on.forEach(visitor);
        children.values().forEach(child -> child.forEach(visitor));
    }

    private static int end(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }
}
