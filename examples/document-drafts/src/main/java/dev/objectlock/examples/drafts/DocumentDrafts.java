package dev.objectlock.examples.drafts;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/** Serves the drafts at <a href="http://localhost:8080">localhost:8080</a>. */
@SpringBootApplication
public class DocumentDrafts {

    private static final Logger LOG = LoggerFactory.getLogger(DocumentDrafts.class);

    @EventListener
    void ready(WebServerInitializedEvent started) {
        LOG.info(
                "Open http://localhost:{} in two browsers, and log in as alice, bob or carol; the password is the name",
                started.getWebServer().getPort());
    }

    /**
     * Starts the server.
     *
     * @param args properties, such as {@code --server.port=9000} or {@code --drafts.lease=10s}
     */
    public static void main(String[] args) {
        SpringApplication.run(DocumentDrafts.class, args);
    }
}
