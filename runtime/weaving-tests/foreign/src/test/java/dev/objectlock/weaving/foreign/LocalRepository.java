package dev.objectlock.weaving.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A local repository of Maven that has nothing but what this build has made.
 *
 * @param root its directory
 */
record LocalRepository(Path root) {

    /** Installs the jar that a class came from, with the POM that is in it. */
    void install(Class<?> ofJar) throws IOException {
        Path jar = locationOf(ofJar);
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is not a jar: foreign projects are built in the phase"
                    + " integration-test or later, for instance by ./mvnw verify");
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            JarEntry entry = file.stream()
                    .filter(each -> each.getName().matches("META-INF/maven/.*/pom\\.properties"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(jar + " was not made by Maven"));
            Properties names = new Properties();
            try (InputStream in = file.getInputStream(entry)) {
                names.load(in);
            }
            Path target =
                    folder(names.getProperty("groupId"), names.getProperty("artifactId"), names.getProperty("version"));
            String name = names.getProperty("artifactId") + "-" + names.getProperty("version");
            Files.copy(jar, target.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
            String pom = entry.getName().replace("pom.properties", "pom.xml");
            try (InputStream in = file.getInputStream(file.getEntry(pom))) {
                Files.copy(in, target.resolve(name + ".pom"), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Installs a POM that has no jar. */
    void installPom(String groupId, String artifactId, String version, Path pom) throws IOException {
        Path target = folder(groupId, artifactId, version);
        Files.copy(pom, target.resolve(artifactId + "-" + version + ".pom"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path folder(String groupId, String artifactId, String version) throws IOException {
        Path folder =
                root.resolve(groupId.replace('.', '/')).resolve(artifactId).resolve(version);
        return Files.createDirectories(folder);
    }

    private static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException notAFile) {
            throw new IllegalStateException(notAFile);
        }
    }
}
