/* Who learns here, and whose progress is meant. */
#include "store_internal.h"

#include <stdlib.h>
#include <string.h>

/* `where` may use ?1 (the selected learner) and ?2 (text). 1 and the learner becomes the one whose
 * progress is meant, or 0 when there is none. */
static int take(struct store *s, const char *where, const char *text, struct err *e)
{
    struct store_learner *row;
    int n = store_table_read(s, &store_learner_table, where, VALUES(NUMBER(s->learner), TEXT(text)),
                             &row, e);
    if (n > 0) {
        s->learner = row->id;
        free(s->learner_name);
        s->learner_name = xstrdup(row->name);
        free(row);
    }
    return n;
}

static int take_stored(struct store *s, struct err *e)
{
    return take(s,
                "WHERE id = coalesce((SELECT learner FROM selected),"
                " (SELECT id FROM learner WHERE name = ?2))",
                s->login, e);
}

static int insert(struct store *s, const char *name, struct err *e)
{
    return store_db_run(s, "INSERT INTO learner (name, created_ms) VALUES (?1, ?2)",
                        VALUES(TEXT(name), NUMBER(store_now_ms(s))), e);
}

/* Another process may make the same learner at the same time, hence the second look inside. */
int store_learner_settle(struct store *s, struct err *e)
{
    int rc = take_stored(s, e);
    if (rc < 0 && s->mode == STORE_NEWER)
        return 0;
    if (rc != 0 || s->mode == STORE_READ_ONLY || s->mode == STORE_NEWER)
        return rc < 0 ? rc : 0;
    rc = store_save_begin(s, e);
    if (rc < 0)
        return rc;
    rc = take_stored(s, e);
    if (rc == 0)
        rc = insert(s, s->login, e);
    rc = store_save_end(s, rc, e);
    if (rc == 0)
        rc = take_stored(s, e);
    return rc < 0 ? rc : 0;
}

const char *store_learner(const struct store *s)
{
    return s->learner_name;
}

int store_learners(struct store *s, struct store_learner **list, struct err *e)
{
    return store_table_read(s, &store_learner_table, "ORDER BY name", VALUES(NUMBER(s->learner)),
                            list, e);
}

int store_learner_create(struct store *s, const char *name, struct err *e)
{
    int rc = store_check_learner_name(name, e);
    if (rc == 0)
        rc = store_save_begin(s, e);
    if (rc < 0)
        return rc;
    return store_save_end(s, insert(s, name, e), e);
}

int store_learner_select(struct store *s, const char *name, struct err *e)
{
    int rc = store_save_found(s, name,
                              "INSERT INTO selected (one, learner)"
                              " SELECT 1, id FROM learner WHERE name = ?1"
                              " ON CONFLICT (one) DO UPDATE SET learner = excluded.learner",
                              VALUES(TEXT(name)), e);
    if (rc == 0)
        rc = take(s, "WHERE name = ?2", name, e);
    return rc < 0 ? rc : 0;
}

/* The login's learner, renamed, is still the default: it is selected by that. */
int store_learner_rename(struct store *s, const char *from, const char *to, struct err *e)
{
    int rc = store_check_learner_name(to, e);
    if (rc == 0)
        rc = store_save_begin(s, e);
    if (rc < 0)
        return rc;
    rc = store_db_run(s, "UPDATE learner SET name = ?2 WHERE name = ?1",
                      VALUES(TEXT(from), TEXT(to)), e);
    if (rc == 0 && store_db_changes(s) == 0)
        rc = err_set(e, ERR_NOT_FOUND, "no learner is called %s; `lockstep progress` lists them",
                     from);
    if (rc == 0 && strcmp(from, s->learner_name) == 0)
        rc = store_db_run(s, "INSERT OR REPLACE INTO selected (one, learner) VALUES (1, ?1)",
                          VALUES(NUMBER(s->learner)), e);
    rc = store_save_end(s, rc, e);
    if (rc == 0)
        rc = take(s, "WHERE id = ?1 AND ?2 IS NULL", NULL, e);
    return rc < 0 ? rc : 0;
}

int store_learner_remove(struct store *s, const char *name, struct err *e)
{
    int rc =
        store_save_found(s, name, "DELETE FROM learner WHERE name = ?1", VALUES(TEXT(name)), e);
    if (rc < 0 || strcmp(name, s->learner_name) != 0)
        return rc;
    s->learner = 0;
    return store_learner_settle(s, e);
}
