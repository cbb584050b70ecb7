package dev.objectlock.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What docs/redis.md says, as tests read it. */
final class RedisPage {

    private static final String TEXT = read();

    private RedisPage() {}

    private static String read() {
        try {
            return Files.readString(Path.of("../../docs/redis.md"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The blocks of code in one language. */
    static List<String> blocks(String language) {
        return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(TEXT)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    /** The rest of all lines that begin so. */
    static List<String> lines(String begin) {
        return TEXT.lines()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length()))
                .toList();
    }

    /** The rows of the table of two columns with these heads. */
    static Map<String, String> table(String first, String second) {
        Map<String, String> rows = new LinkedHashMap<>();
        String head = "| " + first + " | " + second + " |\n| --- | --- |\n";
        int begin = TEXT.indexOf(head) + head.length();
        TEXT.substring(begin).lines().takeWhile(line -> line.startsWith("|")).forEach(line -> {
            String[] cells = line.split("\\|", -1);
            rows.put(cells[1].strip(), cells[2].strip());
        });
        return rows;
    }
}
