package dev.objectlock.examples.drafts;

import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Tells every open page of a draft what is said about it. A channel: no lock is in its way. */
@Component
class Comments {

    private final Pages pages = new Pages();

    SseEmitter follow(long draft) {
        return pages.open(draft);
    }

    void tell(long draft, DraftStore.Comment comment) {
        pages.tell(draft, "comment", comment);
    }
}
