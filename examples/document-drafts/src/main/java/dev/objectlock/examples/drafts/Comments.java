package dev.objectlock.examples.drafts;

import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Tells every open page of a draft what is said about it. A channel: no lock is in its way. */
@Component
class Comments {

    private final Pages pages;

    Comments(Pages pages) {
        this.pages = pages;
    }

    SseEmitter follow(long draft) {
        return pages.open(about(draft));
    }

    void tell(long draft, DraftStore.Comment comment) {
        pages.tell(about(draft), comment);
    }

    private static Pages.Topic about(long draft) {
        return new Pages.Topic(draft, "comment");
    }
}
