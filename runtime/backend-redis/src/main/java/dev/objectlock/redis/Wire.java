package dev.objectlock.redis;

import dev.objectlock.Blocker;
import dev.objectlock.Extent;
import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.Loss;
import dev.objectlock.annotation.LockAccess;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.LockScope;
import dev.objectlock.backend.Answer;
import dev.objectlock.backend.Ask;
import dev.objectlock.backend.Claim;
import dev.objectlock.backend.Terms;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How things are written for the script, and read from its answers: fields between tabs, one thing on a line. */
final class Wire {

    private static final String TAB = "\t";
    private static final Duration A_CENTURY = Duration.ofDays(36_500);

    private Wire() {}

    /**
     * Without control characters, so that tabs and line feeds are free to separate; and without halves of surrogate pairs, which
     * UTF-8 cannot tell apart.
     */
    static String escape(String text) {
        int at = 0;
        while (at < text.length()
                && text.charAt(at) >= ' '
                && text.charAt(at) != '%'
                && !Character.isSurrogate(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '%') {
                out.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else if (Character.isSurrogate(c)) {
                out.append("%u").append(Integer.toHexString(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    static String unescape(String text) {
        int at = text.indexOf('%');
        if (at < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && text.charAt(i + 1) == 'u') {
                out.append((char) Integer.parseInt(text, i + 2, i + 6, 16));
                i += 5;
            } else if (c == '%') {
                out.append((char) Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    static String path(LockPath path) {
        return escape(path.toString());
    }

    static LockPath path(String text) {
        return LockPath.parse(unescape(text));
    }

    static String mode(LockMode mode) {
        return mode.name().substring(0, 1);
    }

    static String modes(Set<LockMode> modes) {
        return modes.stream().map(Wire::mode).collect(Collectors.joining());
    }

    static String scope(LockScope scope) {
        return scope == LockScope.TREE ? "T" : "O";
    }

    static String flag(boolean set) {
        return set ? "1" : "0";
    }

    static String optional(@Nullable String text) {
        return text == null ? "" : escape(text);
    }

    static @Nullable String given(String text) {
        return text.isEmpty() ? null : unescape(text);
    }

    /** Microseconds, rounded up; a time that nobody lives to see is as good as any other such time. */
    static String micros(@Nullable Duration duration) {
        if (duration == null) {
            return "";
        }
        Duration bounded = duration.compareTo(A_CENTURY) > 0 ? A_CENTURY : duration;
        return Long.toString((bounded.toNanos() + 999) / 1000);
    }

    static Duration duration(String micros) {
        return Duration.of(Long.parseLong(micros), ChronoUnit.MICROS);
    }

    static Instant instant(String micros) {
        return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
    }

    static void addOwner(List<String> out, LockOwner owner) {
        out.add(optional(owner.user()));
        out.add(optional(owner.client()));
        out.add(optional(owner.flow()));
    }

    /** As one argument, which the script only passes on. */
    static String owner(LockOwner owner) {
        return optional(owner.user()) + TAB + optional(owner.client()) + TAB + optional(owner.flow());
    }

    private static LockOwner owner(String[] fields, int at) {
        return new LockOwner(given(fields[at]), given(fields[at + 1]), given(fields[at + 2]));
    }

    static String key(Ask ask) {
        return escape(ask.series() + "." + ask.number());
    }

    static void addAsk(List<String> out, Ask ask) {
        out.add(key(ask));
        String patience =
                switch (ask.patience()) {
                    case NONE -> "N";
                    case FOR_CALLS -> "C";
                    case FOR_ANYTHING -> "A";
                };
        out.add(patience + flag(ask.passesWaiters()) + flag(ask.isTransaction()));
        addOwner(out, ask.owner());
        for (Claim claim : ask.claims()) {
            addClaim(out, claim);
        }
    }

    /** The path, a letter each for what every claim has, and what few have: most claims cost three short arguments. */
    static void addClaim(List<String> out, Claim claim) {
        Terms terms = claim.terms();
        Extent extent = claim.extent();
        out.add(path(claim.path()));
        out.add(letters(terms));
        boolean plain = extent == null && terms.lease() == null && terms.maxHold() == null && !terms.isSlot();
        out.add(
                plain
                        ? ""
                        : String.join(
                                TAB,
                                extent == null ? "" : bound(extent.from()),
                                extent == null ? "" : bound(extent.to()),
                                micros(terms.lease()),
                                micros(terms.maxHold()),
                                terms.isSlot() ? Integer.toString(terms.slots()) : ""));
    }

    private static String letters(Terms terms) {
        String renewal =
                switch (terms.renewal()) {
                    case ON_USE -> "U";
                    case AUTO -> "A";
                    case NEVER -> "N";
                };
        return mode(terms.mode())
                + scope(terms.scope())
                + (terms.access() == LockAccess.EXCLUSIVE ? "X" : "S")
                + (terms.kept() ? "K" : "S")
                + renewal;
    }

    /** Such that texts compare as the numbers do: the script's own numbers have 53 bits. */
    private static String bound(long bound) {
        return String.format("%016x", bound ^ Long.MIN_VALUE);
    }

    private static long bound(String text) {
        return Long.parseUnsignedLong(text, 16) ^ Long.MIN_VALUE;
    }

    static HoldInfo info(String line) {
        String[] f = line.split(TAB, -1);
        return new HoldInfo(
                unescape(f[0]),
                path(f[1]),
                switch (f[2]) {
                    case "U" -> LockMode.USER;
                    case "C" -> LockMode.CLIENT;
                    default -> LockMode.MONITOR;
                },
                f[3].equals("T") ? LockScope.TREE : LockScope.OBJECT,
                f[4].equals("X") ? LockAccess.EXCLUSIVE : LockAccess.SHARED,
                f[5].isEmpty() ? null : new Extent(bound(f[5]), bound(f[6])),
                f[7].equals("1"),
                owner(f, 8),
                Long.parseLong(f[11]),
                instant(f[12]),
                f[13].isEmpty() ? null : duration(f[13]),
                Integer.parseInt(f[14]));
    }

    static List<HoldInfo> infos(List<String> lines) {
        return lines.stream().map(Wire::info).toList();
    }

    static Blocker blocker(String kind, String info) {
        return new Blocker(info(info), kind.equals("W") ? Blocker.Kind.WAITER : Blocker.Kind.HOLD);
    }

    /** Reads {@code refused, kind, info, part, position}. */
    static Answer.Refused refused(List<String> answer) {
        return new Answer.Refused(
                blocker(answer.get(1), answer.get(2)),
                Integer.parseInt(answer.get(3)),
                Integer.parseInt(answer.get(4)));
    }

    /** Reads {@code removed, path, by}. */
    static Answer.ObjectRemoved removed(List<String> answer) {
        return new Answer.ObjectRemoved(path(answer.get(1)), owner(answer.get(2).split(TAB, -1), 0));
    }

    /** Reads {@code lost, ask, reason, at, user, client, flow, text}. */
    static Loss loss(String[] f) {
        boolean bySomebody = !f[4].isEmpty() || !f[5].isEmpty();
        return new Loss(Loss.Reason.valueOf(f[2]), bySomebody ? owner(f, 4) : null, given(f[7]), instant(f[3]));
    }

    /** What the script passes on in an event of an override. */
    static String by(LockOwner by, @Nullable String reason) {
        return owner(by) + TAB + optional(reason);
    }

    /** Reads an event: {@code last number at kind extra...} and, on lines of their own, the holds. */
    static LockEvent event(String text) {
        String[] lines = text.split("\n", -1);
        String[] f = lines[0].split(TAB, -1);
        long number = Long.parseLong(f[1]);
        Instant at = instant(f[2]);
        List<HoldInfo> holds = List.of(lines).subList(1, lines.length).stream()
                .filter(line -> !line.isEmpty())
                .map(Wire::info)
                .toList();
        return switch (f[3]) {
            case "acquired" -> new LockEvent.Acquired(holds, at, number);
            case "released" -> new LockEvent.Released(holds, at, number);
            case "expired" -> new LockEvent.Expired(holds, at, number, Loss.Reason.valueOf(f[4]));
            case "lost" -> new LockEvent.Lost(holds, at, number, new Loss(Loss.Reason.valueOf(f[4]), null, null, at));
            case "overridden" -> new LockEvent.Overridden(holds, at, number, owner(f, 4), given(f[7]));
            case "scope" -> new LockEvent.ScopeChanged(holds, at, number);
            case "moved" -> new LockEvent.Moved(holds, at, number, path(f[4]), path(f[5]));
            case "removed" -> new LockEvent.Removed(holds, at, number, path(f[4]), owner(f, 5));
            default -> throw new IllegalStateException("an event of an unknown kind: " + f[3]);
        };
    }
}
