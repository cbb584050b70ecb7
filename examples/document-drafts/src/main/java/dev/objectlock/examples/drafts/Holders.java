package dev.objectlock.examples.drafts;

import dev.objectlock.HoldInfo;
import dev.objectlock.LockEvent;
import dev.objectlock.LockPath;
import dev.objectlock.ObjectLocks;
import dev.objectlock.annotation.LockMode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Tells every open page of a draft who has it, and the moment that changes. */
@Component
class Holders {

    private final ObjectLocks locks;
    private final Pages pages;

    Holders(ObjectLocks locks, Pages pages) {
        this.locks = locks;
        this.pages = pages;
    }

    SseEmitter follow(long draft) {
        SseEmitter page = pages.open(topic(draft));
        pages.tell(page, topic(draft), of(draft));
        return page;
    }

    /** Who has a draft now. */
    Holder of(long draft) {
        Optional<HoldInfo> kept = locks.status(pathOf(draft)).holds().stream()
                .filter(HoldInfo::kept)
                .findFirst();
        return kept.map(hold -> new Holder(hold.owner().user(), hold.since(), hold.mode()))
                .orElse(Holder.NOBODY);
    }

    /** Kept locks are announced: taken, given back, run out, taken away. */
    @EventListener
    void changed(LockEvent event) {
        event.holds().stream()
                .map(hold -> hold.path().rootName())
                .filter(root -> root.startsWith("draft:"))
                .distinct()
                .map(root -> Long.valueOf(root.substring("draft:".length())))
                .forEach(draft -> pages.tell(topic(draft), of(draft)));
    }

    private static Pages.Topic topic(long draft) {
        return new Pages.Topic(draft, "holder");
    }

    static LockPath pathOf(long draft) {
        return LockPath.of("draft:" + draft);
    }

    /**
     * Who has a draft.
     *
     * @param user who, or null for nobody
     * @param since since when
     * @param mode for the person or for one browser
     */
    record Holder(@Nullable String user, @Nullable Instant since, @Nullable LockMode mode) {

        private static final Holder NOBODY = new Holder(null, null, null);
    }
}
