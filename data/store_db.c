/* Statements, transactions and what an error of SQLite means to the user. */
#include "store_internal.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The first row that fits the error: extended codes stand before their primary one. */
static const struct {
    int sqlite;
    enum err_code code;
    const char *text;
} meanings[] = {
    {SQLITE_CONSTRAINT_FOREIGNKEY, ERR_NOT_FOUND,
     "the learner was removed by another lockstep; start again or select another"},
    {SQLITE_CONSTRAINT_UNIQUE, ERR_CREATE, "there is one of that name; choose another name"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, ERR_CREATE, "there is one of that name; choose another name"},
    {SQLITE_FULL, ERR_WRITE, "the disk is full; make room and try again"},
    {SQLITE_BUSY, ERR_WRITE, "another lockstep keeps the store busy; try again"},
    {SQLITE_LOCKED, ERR_WRITE, "another lockstep keeps the store busy; try again"},
    {SQLITE_READONLY, ERR_WRITE, "the store cannot be written; look at the permissions"},
    {SQLITE_IOERR, ERR_WRITE, "input/output error"},
    {SQLITE_CORRUPT, ERR_DATA,
     "the file is damaged; start lockstep again: it sets the file aside and begins a new one"},
    {SQLITE_NOTADB, ERR_DATA,
     "the file is damaged; start lockstep again: it sets the file aside and begins a new one"},
    {SQLITE_CANTOPEN, ERR_OPEN, "cannot be opened; look at the permissions of file and folder"},
    {SQLITE_PERM, ERR_OPEN, "cannot be opened; look at the permissions of file and folder"},
    {SQLITE_CONSTRAINT, ERR_DATA, "a value is out of its range"},
    {SQLITE_TOOBIG, ERR_DATA, "a text is too long"},
    {SQLITE_NOMEM, ERR_NOMEM, "out of memory"},
};

int store_db_error(struct store *s, const char *doing, struct err *e)
{
    int extended = sqlite3_extended_errcode(s->db);
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (meanings[i].sqlite != extended && meanings[i].sqlite != (extended & 0xff))
            continue;
        int os = sqlite3_system_errno(s->db);
        int show_os = (extended & 0xff) == SQLITE_IOERR && os;
        return err_set(e, meanings[i].code, "%s: %s%s%s (%s)", doing, meanings[i].text,
                       show_os ? ": " : "", show_os ? strerror(os) : "", s->path);
    }
    return err_set(e, ERR_INTERNAL, "%s: %s (SQLite %d, %s)", doing, sqlite3_errmsg(s->db),
                   extended, s->path);
}

static int bind(struct sqlite3_stmt *stmt, int i, const struct value *v)
{
    if (v->is_int)
        return sqlite3_bind_int64(stmt, i, v->number);
    return sqlite3_bind_text(stmt, i, v->text, -1, SQLITE_TRANSIENT);
}

int store_db_prepare(struct store *s, const char *sql, const struct value *values, int nvalues,
                     struct sqlite3_stmt **out, struct err *e)
{
    *out = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, out, NULL) != SQLITE_OK)
        return store_db_error(s, "reading the store", e);
    for (int i = 0; i < nvalues; i++)
        if (bind(*out, i + 1, &values[i]) != SQLITE_OK) {
            int rc = store_db_error(s, "reading the store", e);
            sqlite3_finalize(*out);
            *out = NULL;
            return rc;
        }
    return 0;
}

/* Step to the end. The error is read before finalize, which may replace it. */
static int finish(struct store *s, struct sqlite3_stmt *stmt, struct err *e)
{
    int step;
    do
        step = sqlite3_step(stmt);
    while (step == SQLITE_ROW);
    int rc = step == SQLITE_DONE ? 0 : store_db_error(s, "using the store", e);
    sqlite3_finalize(stmt);
    return rc;
}

int store_db_run(struct store *s, const char *sql, const struct value *values, int nvalues,
                 struct err *e)
{
    struct sqlite3_stmt *stmt;
    int rc = store_db_prepare(s, sql, values, nvalues, &stmt, e);
    return rc < 0 ? rc : finish(s, stmt, e);
}

int store_db_script(struct store *s, const char *sql, struct err *e)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return store_db_error(s, "using the store", e);
    return 0;
}

int store_db_text(struct store *s, const char *sql, const struct value *values, int nvalues,
                  char **text, struct err *e)
{
    *text = NULL;
    struct sqlite3_stmt *stmt;
    int rc = store_db_prepare(s, sql, values, nvalues, &stmt, e);
    if (rc < 0)
        return rc;
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *found = (const char *)sqlite3_column_text(stmt, 0);
        *text = xstrdup(found ? found : "");
    }
    rc = finish(s, stmt, e);
    if (rc < 0) {
        free(*text);
        *text = NULL;
    }
    return rc < 0 ? rc : *text != NULL;
}

int store_db_number(struct store *s, const char *sql, const struct value *values, int nvalues,
                    int64_t *number, struct err *e)
{
    char *text;
    int rc = store_db_text(s, sql, values, nvalues, &text, e);
    if (rc == 1)
        *number = strtoll(text, NULL, 10);
    free(text);
    return rc;
}

int store_db_changes(const struct store *s)
{
    return sqlite3_changes(s->db);
}

/* Another lockstep that found the file damaged may have moved it: what is written now would be
 * on the disk and yet never be seen again. */
static int check_not_moved(struct store *s, struct err *e)
{
    int moved = 0;
    sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved && s->mode != STORE_MEMORY
               ? err_set(e, ERR_WRITE,
                         "not saved: %s was moved or deleted while in use; start lockstep again",
                         s->path)
               : 0;
}

/* Another process may have brought the file to a newer schema since it was opened. */
static int check_not_newer(struct store *s, struct err *e)
{
    int version;
    int rc = store_migrate_version(s, &version, e);
    if (rc < 0)
        return rc;
    if (version > s->schema->n)
        s->mode = STORE_NEWER;
    return s->mode == STORE_NEWER
               ? err_set(e, ERR_NEWER,
                         "not saved: %s was written by a newer lockstep (schema %d, this one knows "
                         "%d); install that version",
                         s->path, version, s->schema->n)
               : 0;
}

int store_save_begin(struct store *s, struct err *e)
{
    if (s->mode == STORE_READ_ONLY)
        return err_set(e, ERR_WRITE,
                       "not saved: %s is read-only; look at the permissions of file and folder",
                       s->path);
    int rc = s->mode == STORE_NEWER ? 0 : store_db_script(s, "BEGIN IMMEDIATE", e);
    if (rc < 0)
        return rc;
    rc = check_not_moved(s, e);
    if (rc == 0)
        rc = check_not_newer(s, e);
    return rc < 0 ? store_save_end(s, rc, e) : 0;
}

/* A COMMIT that fails for want of room or of a lock leaves the transaction open. */
int store_save_end(struct store *s, int rc, struct err *e)
{
    if (rc >= 0) {
        int committed = store_db_script(s, "COMMIT", e);
        if (committed < 0)
            rc = committed;
    }
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

int store_save(struct store *s, const char *sql, const struct value *values, int nvalues,
               struct err *e)
{
    int rc = store_save_begin(s, e);
    if (rc < 0)
        return rc;
    return store_save_end(s, store_db_run(s, sql, values, nvalues, e), e);
}

int store_save_found(struct store *s, const char *what, const char *sql, const struct value *values,
                     int nvalues, struct err *e)
{
    int rc = store_save_begin(s, e);
    if (rc < 0)
        return rc;
    rc = store_db_run(s, sql, values, nvalues, e);
    if (rc == 0 && store_db_changes(s) == 0)
        rc = err_set(e, ERR_NOT_FOUND, "%s: not found in the store", what);
    return store_save_end(s, rc, e);
}

int64_t store_now_ms(const struct store *s)
{
    if (s->now_ms)
        return s->now_ms(s->clock);
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void store_stamp(const struct store *s, char stamp[32])
{
    time_t seconds = (time_t)(store_now_ms(s) / 1000);
    struct tm tm;
    if (!gmtime_r(&seconds, &tm) || strftime(stamp, 32, "%Y%m%dT%H%M%SZ", &tm) == 0)
        strcpy(stamp, "unknown-time");
}

int store_printable(const char *text)
{
    struct buf shown = {0};
    buf_visible(&shown, text, strlen(text));
    int same = shown.data == NULL || strcmp(shown.data, text) == 0;
    buf_fini(&shown);
    return same;
}

int store_check_id(const char *what, const char *id, struct err *e)
{
    if (!id || !*id)
        return err_set(e, ERR_DATA, "%s: must not be empty", what);
    if (strlen(id) > STORE_ID_MAX)
        return err_set(e, ERR_DATA, "%s: longer than %d bytes; use a shorter one", what,
                       STORE_ID_MAX);
    if (!store_printable(id))
        return err_set(e, ERR_DATA, "%s: has characters that cannot be shown; leave them out",
                       what);
    return 0;
}

int store_check_text(const char *what, const char *text, struct err *e)
{
    if (text && strlen(text) > STORE_TEXT_MAX)
        return err_set(e, ERR_DATA, "%s: longer than %d bytes", what, STORE_TEXT_MAX);
    return 0;
}

int store_check_learner_name(const char *name, struct err *e)
{
    int rc = store_check_id("the learner's name", name, e);
    if (rc < 0)
        return rc;
    size_t n = strlen(name);
    if (n > STORE_LEARNER_MAX)
        return err_set(e, ERR_DATA, "the learner's name: longer than %d bytes; use a shorter one",
                       STORE_LEARNER_MAX);
    if (name[0] == ' ' || name[n - 1] == ' ')
        return err_set(e, ERR_DATA, "the learner's name: begins or ends with a blank");
    return 0;
}
