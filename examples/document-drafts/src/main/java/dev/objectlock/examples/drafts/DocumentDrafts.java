package dev.objectlock.examples.drafts;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Serves the drafts at <a href="http://localhost:8080">localhost:8080</a>. */
@SpringBootApplication
public class DocumentDrafts {

    /**
     * Starts the server.
     *
     * @param args properties, such as {@code --server.port=9000} or {@code --drafts.lease=10s}
     */
    public static void main(String[] args) {
        SpringApplication.run(DocumentDrafts.class, args);
    }
}
