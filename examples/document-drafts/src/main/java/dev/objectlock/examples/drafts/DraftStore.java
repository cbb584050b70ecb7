package dev.objectlock.examples.drafts;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The drafts and their comments, in the database. */
@Repository
class DraftStore {

    private final JdbcClient database;

    DraftStore(JdbcClient database) {
        this.database = database;
    }

    List<Draft> all() {
        return database.sql("select id, title, text, saved_by from draft order by id")
                .query(Draft.class)
                .list();
    }

    Draft find(long id) {
        return database.sql("select id, title, text, saved_by from draft where id = ?")
                .param(id)
                .query(Draft.class)
                .optional()
                .orElseThrow(() -> new NoSuchDraftException(id));
    }

    void save(long id, String text, String user) {
        database.sql("update draft set text = ?, saved_by = ? where id = ?")
                .params(text, user, id)
                .update();
    }

    void addComment(long id, String user, String text) {
        database.sql("insert into comment (draft, written_by, text) values (?, ?, ?)")
                .params(id, user, text)
                .update();
    }

    List<Comment> comments(long id) {
        return database.sql("select written_by, text from comment where draft = ? order by id")
                .param(id)
                .query(Comment.class)
                .list();
    }

    /**
     * What somebody said about a draft.
     *
     * @param writtenBy who
     * @param text what
     */
    record Comment(String writtenBy, String text) {}
}
