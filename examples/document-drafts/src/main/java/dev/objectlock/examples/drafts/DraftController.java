package dev.objectlock.examples.drafts;

import dev.objectlock.Hold;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What the page asks for. */
@RestController
@RequestMapping("/drafts")
class DraftController {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Drafts drafts;
    private final Holders holders;
    private final Comments comments;
    private final ObjectLocks locks;
    private final Duration lease;

    DraftController(
            Drafts drafts,
            Holders holders,
            Comments comments,
            ObjectLocks locks,
            @Value("${drafts.lease:1m}") Duration lease) {
        this.drafts = drafts;
        this.holders = holders;
        this.comments = comments;
        this.locks = locks;
        this.lease = lease;
    }

    @GetMapping
    Listing all(Principal me) {
        return new Listing(me.getName(), lease.toMillis(), drafts.all());
    }

    @GetMapping("/{id}")
    Draft read(@PathVariable long id) {
        return drafts.read(id);
    }

    /** Takes the draft, or renews its lease. */
    @PostMapping("/{id}/lock")
    Draft open(@PathVariable long id, @RequestParam(defaultValue = "false") boolean here) {
        return here ? drafts.openHere(id) : drafts.open(id);
    }

    /** The page is still open. */
    @PostMapping("/{id}/lock/renewal")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void stay(@PathVariable long id, @RequestParam(defaultValue = "false") boolean here) {
        if (here) {
            drafts.stayHere(id);
        } else {
            drafts.stay(id);
        }
    }

    /** Takes the draft the moment it is free. No thread waits; who has waited long enough leaves the line. */
    @PostMapping("/{id}/lock-when-free")
    DeferredResult<Draft> openWhenFree(@PathVariable long id) {
        LockRequest request =
                LockRequest.user(Holders.pathOf(id)).keep().lease(lease).waitFor(LONGEST_WAIT);
        CompletableFuture<Hold> taken = locks.async().acquire(request);
        DeferredResult<Draft> answer = new DeferredResult<>(LONGEST_WAIT.toMillis());
        answer.onTimeout(() -> taken.cancel(true));
        answer.onError(gone -> taken.cancel(true));
        taken.whenComplete((hold, refused) -> {
            if (refused != null) {
                answer.setErrorResult(refused);
            } else if (!answer.setResult(drafts.read(id))) {
                // The page has gone while it was waiting.
                hold.release();
            }
        });
        return answer;
    }

    @DeleteMapping("/{id}/lock")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void close(@PathVariable long id) {
        drafts.close(id);
    }

    @PutMapping("/{id}")
    Draft save(@PathVariable long id, @RequestBody String text, Principal me) {
        return drafts.save(id, text, me.getName());
    }

    @GetMapping("/{id}/holder")
    Holders.Holder holder(@PathVariable long id) {
        return holders.of(id);
    }

    @GetMapping("/{id}/holder/changes")
    SseEmitter holderChanges(@PathVariable long id) {
        return holders.follow(id);
    }

    @GetMapping("/{id}/comments")
    List<DraftStore.Comment> comments(@PathVariable long id) {
        return drafts.comments(id);
    }

    @GetMapping("/{id}/comments/changes")
    SseEmitter commentChanges(@PathVariable long id) {
        return comments.follow(id);
    }

    @PostMapping("/{id}/comments")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void comment(@PathVariable long id, @RequestBody String text, Principal me) {
        drafts.comment(id, me.getName(), text);
    }

    /**
     * What the page shows first.
     *
     * @param me who has logged in
     * @param leaseMillis how long a draft stays taken without a sign of life, in milliseconds
     * @param drafts all drafts
     */
    record Listing(String me, long leaseMillis, List<Draft> drafts) {}
}
