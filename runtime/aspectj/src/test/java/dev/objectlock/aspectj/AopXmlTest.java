package dev.objectlock.aspectj;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the jar tells the load-time weaver. */
class AopXmlTest {

    @Test
    void namesEveryAspectOfThisModule() throws Exception {
        assertThat(attributes("aspect", "name")).containsExactlyInAnyOrderElementsOf(aspects());
    }

    /** One include of ours, and no class of an application would be woven that names none itself. */
    @Test
    void leavesOpenWhichClassesAreWoven() throws Exception {
        assertThat(attributes("include", "within")).isEmpty();
    }

    private static List<String> aspects() throws IOException {
        Path sources = Path.of("src/main/aspectj");
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".aj"))
                    .map(file -> sources.relativize(file).toString())
                    .map(name -> name.substring(0, name.length() - ".aj".length())
                            .replace('/', '.')
                            .replace('\\', '.'))
                    .toList();
        }
    }

    private static List<String> attributes(String element, String attribute) throws Exception {
        try (InputStream in = ObjectLockAspect.class.getResourceAsStream("/META-INF/aop.xml")) {
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
            NodeList found = document.getElementsByTagName(element);
            return IntStream.range(0, found.getLength())
                    .mapToObj(i -> ((Element) found.item(i)).getAttribute(attribute))
                    .toList();
        }
    }
}
