/* What the learner keeps: recordings, bookmarks, settings. */
#include "store_internal.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- recordings ---- */

static int check_recording(const struct store_recording *r, struct err *e)
{
    const char *const texts[] = {r->program, r->path, r->token, r->finding};
    int rc = store_check_id("the recording's name", r->name, e);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && rc == 0; i++)
        rc = store_check_text("the recording", texts[i], e);
    if (rc == 0 && !(r->path && *r->path) && !(r->token && *r->token))
        rc = err_set(e, ERR_DATA, "the recording %s: has neither a file nor a schedule", r->name);
    return rc;
}

int store_recording_save(struct store *s, const struct store_recording *r, struct err *e)
{
    int rc = check_recording(r, e);
    if (rc < 0)
        return rc;
    return store_save(s,
                      "INSERT INTO recording (learner, name, program, path, token, finding,"
                      " created_ms) VALUES (?1, ?2, coalesce(?3, ''), coalesce(?4, ''),"
                      " coalesce(?5, ''), coalesce(?6, ''), ?7)",
                      VALUES(NUMBER(s->learner), TEXT(r->name), TEXT(r->program), TEXT(r->path),
                             TEXT(r->token), TEXT(r->finding), NUMBER(store_now_ms(s))),
                      e);
}

int store_recordings(struct store *s, struct store_recording **list, struct err *e)
{
    return store_table_read(s, &store_recording_table, "WHERE learner = ?1 ORDER BY id DESC",
                            VALUES(NUMBER(s->learner)), list, e);
}

int store_recording_get(struct store *s, const char *name, struct store_recording **row,
                        struct err *e)
{
    return store_table_read(s, &store_recording_table, "WHERE learner = ?1 AND name = ?2",
                            VALUES(NUMBER(s->learner), TEXT(name)), row, e);
}

int store_recording_rename(struct store *s, const char *from, const char *to, struct err *e)
{
    int rc = store_check_id("the recording's name", to, e);
    if (rc < 0)
        return rc;
    return store_save_found(s, "the recording",
                            "UPDATE recording SET name = ?3 WHERE learner = ?1 AND name = ?2",
                            VALUES(NUMBER(s->learner), TEXT(from), TEXT(to)), e);
}

int store_recording_remove(struct store *s, const char *name, struct err *e)
{
    return store_save_found(s, "the recording",
                            "DELETE FROM recording WHERE learner = ?1 AND name = ?2",
                            VALUES(NUMBER(s->learner), TEXT(name)), e);
}

/* ---- bookmarks ---- */

int store_bookmark_save(struct store *s, const struct store_bookmark *b, int64_t *id, struct err *e)
{
    const char *const texts[] = {b->lesson, b->program, b->token, b->note};
    int rc = b->step < 0 ? err_set(e, ERR_DATA, "the bookmark's step: must not be negative") : 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && rc == 0; i++)
        rc = store_check_text("the bookmark", texts[i], e);
    if (rc < 0)
        return rc;
    rc = store_save(s,
                    "INSERT INTO bookmark (learner, lesson, program, token, step, note, created_ms)"
                    " VALUES (?1, coalesce(?2, ''), coalesce(?3, ''), coalesce(?4, ''), ?5,"
                    " coalesce(?6, ''), ?7)",
                    VALUES(NUMBER(s->learner), TEXT(b->lesson), TEXT(b->program), TEXT(b->token),
                           NUMBER(b->step), TEXT(b->note), NUMBER(store_now_ms(s))),
                    e);
    if (rc == 0 && id)
        *id = sqlite3_last_insert_rowid(s->db);
    return rc;
}

int store_bookmarks(struct store *s, const char *lesson, const char *program,
                    struct store_bookmark **list, struct err *e)
{
    return store_table_read(s, &store_bookmark_table,
                            "WHERE learner = ?1 AND lesson = coalesce(?2, lesson)"
                            " AND program = coalesce(?3, program) ORDER BY step, id",
                            VALUES(NUMBER(s->learner), TEXT(lesson), TEXT(program)), list, e);
}

int store_bookmark_note(struct store *s, int64_t id, const char *note, struct err *e)
{
    int rc = store_check_text("the note", note, e);
    if (rc < 0)
        return rc;
    return store_save_found(
        s, "the bookmark",
        "UPDATE bookmark SET note = coalesce(?3, '') WHERE learner = ?1 AND id = ?2",
        VALUES(NUMBER(s->learner), NUMBER(id), TEXT(note)), e);
}

int store_bookmark_remove(struct store *s, int64_t id, struct err *e)
{
    return store_save_found(s, "the bookmark",
                            "DELETE FROM bookmark WHERE learner = ?1 AND id = ?2",
                            VALUES(NUMBER(s->learner), NUMBER(id)), e);
}

/* ---- settings ---- */

int store_setting_set(struct store *s, const char *key, const char *value, struct err *e)
{
    int rc = store_check_id("the setting's name", key, e);
    if (rc == 0)
        rc = store_check_text("the setting", value, e);
    if (rc < 0)
        return rc;
    if (!value)
        return store_save(s, "DELETE FROM setting WHERE learner = ?1 AND key = ?2",
                          VALUES(NUMBER(s->learner), TEXT(key)), e);
    return store_save(s,
                      "INSERT INTO setting (learner, key, value) VALUES (?1, ?2, ?3)"
                      " ON CONFLICT DO UPDATE SET value = excluded.value",
                      VALUES(NUMBER(s->learner), TEXT(key), TEXT(value)), e);
}

int store_setting_get(struct store *s, const char *key, char **value, struct err *e)
{
    return store_db_text(s, "SELECT value FROM setting WHERE learner = ?1 AND key = ?2",
                         VALUES(NUMBER(s->learner), TEXT(key)), value, e);
}

int store_settings(struct store *s, struct store_setting **list, struct err *e)
{
    return store_table_read(s, &store_setting_table, "WHERE learner = ?1 ORDER BY key",
                            VALUES(NUMBER(s->learner)), list, e);
}
