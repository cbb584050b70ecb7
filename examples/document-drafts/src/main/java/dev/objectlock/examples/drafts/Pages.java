package dev.objectlock.examples.drafts;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The pages that follow what happens to a draft, by server-sent events. Thread-safe. */
@Component
class Pages {

    /**
     * What a page follows.
     *
     * @param draft which draft
     * @param what the name of the events
     */
    record Topic(long draft, String what) {}

    private final ConcurrentMap<Topic, Collection<SseEmitter>> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    SseEmitter open(Topic topic) {
        SseEmitter page = new SseEmitter(0L);
        open.compute(topic, (followed, known) -> {
            Collection<SseEmitter> pages = known == null ? new CopyOnWriteArrayList<>() : known;
            pages.add(page);
            return pages;
        });
        page.onCompletion(() -> close(topic, page));
        page.onTimeout(page::complete);
        page.onError(gone -> close(topic, page));
        try {
            // So that the page knows that it is connected before there is anything to tell.
            page.send(SseEmitter.event().comment("connected"));
        } catch (IOException gone) {
            close(topic, page);
        }
        if (closed) {
            page.complete();
        }
        return page;
    }

    void tell(Topic topic, Object data) {
        for (SseEmitter page : open.getOrDefault(topic, List.of())) {
            tell(page, topic, data);
        }
    }

    void tell(SseEmitter page, Topic topic, Object data) {
        try {
            page.send(SseEmitter.event().name(topic.what()).data(data));
        } catch (IOException | IllegalStateException gone) {
            close(topic, page);
        }
    }

    /** The server waits half a minute for the end of what it has begun to answer, and these answers have none. */
    @EventListener(ContextClosedEvent.class)
    void closeAll() {
        closed = true;
        open.values().forEach(pages -> pages.forEach(SseEmitter::complete));
    }

    private void close(Topic topic, SseEmitter page) {
        open.computeIfPresent(topic, (followed, pages) -> {
            pages.remove(page);
            return pages.isEmpty() ? null : pages;
        });
    }
}
