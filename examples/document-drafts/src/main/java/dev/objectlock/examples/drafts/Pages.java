package dev.objectlock.examples.drafts;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The pages that follow each draft by server-sent events. Thread-safe. */
final class Pages {

    private final ConcurrentMap<Long, Collection<SseEmitter>> open = new ConcurrentHashMap<>();

    SseEmitter open(long draft) {
        SseEmitter page = new SseEmitter(0L);
        open.compute(draft, (id, known) -> {
            Collection<SseEmitter> pages = known == null ? new CopyOnWriteArrayList<>() : known;
            pages.add(page);
            return pages;
        });
        page.onCompletion(() -> close(draft, page));
        page.onTimeout(page::complete);
        page.onError(gone -> close(draft, page));
        try {
            // So that the page knows that it is connected before there is anything to tell.
            page.send(SseEmitter.event().comment("connected"));
        } catch (IOException gone) {
            close(draft, page);
        }
        return page;
    }

    void tell(long draft, String what, Object data) {
        for (SseEmitter page : open.getOrDefault(draft, java.util.List.of())) {
            tell(page, draft, what, data);
        }
    }

    void tell(SseEmitter page, long draft, String what, Object data) {
        try {
            page.send(SseEmitter.event().name(what).data(data));
        } catch (IOException | IllegalStateException gone) {
            close(draft, page);
        }
    }

    private void close(long draft, SseEmitter page) {
        open.computeIfPresent(draft, (id, pages) -> {
            pages.remove(page);
            return pages.isEmpty() ? null : pages;
        });
    }
}
