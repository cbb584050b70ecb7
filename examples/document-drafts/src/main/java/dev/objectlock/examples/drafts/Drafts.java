package dev.objectlock.examples.drafts;

import dev.objectlock.annotation.Guarded;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.annotation.ReleaseLock;
import dev.objectlock.annotation.Require;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Who may do what with a draft stands on the methods; none of them says how. */
@Service
class Drafts {

    private final DraftStore store;
    private final Comments comments;

    Drafts(DraftStore store, Comments comments) {
        this.store = store;
        this.comments = comments;
    }

    List<Draft> all() {
        return store.all();
    }

    Draft read(long id) {
        return store.find(id);
    }

    /** Takes the draft for this person, on any of their screens. Opening it again renews the lease. */
    @ObjectLock(path = "draft:{id}", mode = LockMode.USER, keep = true, lease = "${drafts.lease:1m}")
    Draft open(long id) {
        return store.find(id);
    }

    /** Takes the draft for this browser alone: another one of the same person is kept out too. */
    @ObjectLock(path = "draft:{id}", mode = LockMode.CLIENT, keep = true, lease = "${drafts.lease:1m}")
    Draft openHere(long id) {
        return store.find(id);
    }

    /** Whoever still has the draft goes on having it. Who has lost it, on a laptop that was closed, is told so. */
    @Guarded(path = "draft:{id}", require = Require.HELD)
    @ObjectLock(path = "draft:{id}", mode = LockMode.USER, keep = true, lease = "${drafts.lease:1m}")
    void stay(long id) {}

    /** As {@link #stay}, in this browser alone. */
    @Guarded(path = "draft:{id}", require = Require.HELD)
    @ObjectLock(path = "draft:{id}", mode = LockMode.CLIENT, keep = true, lease = "${drafts.lease:1m}")
    void stayHere(long id) {}

    /** Only whoever has the draft can save it; a lock that is lost before the commit rolls it back. */
    @Guarded(path = "draft:{id}", require = Require.HELD)
    @ObjectLock(path = "draft:{id}", mode = LockMode.USER)
    @Transactional
    Draft save(long id, String text, String user) {
        store.save(id, text, user);
        return store.find(id);
    }

    @ReleaseLock(path = "draft:{id}")
    void close(long id) {}

    /** No lock stands here: everybody may comment, whoever has the draft. */
    void comment(long id, String user, String text) {
        store.addComment(store.find(id).id(), user, text);
        comments.tell(id, new DraftStore.Comment(user, text));
    }

    List<DraftStore.Comment> comments(long id) {
        return store.comments(id);
    }
}
