/* The connection to the file: protected from what may be in it, and with the journal that suits the
 * file system. */
#include "store_internal.h"

#include <sqlite3.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "file:…?immutable=1": for reading a store in a folder where nothing can be written. */
static char *immutable_uri(const char *path)
{
    struct buf uri = {0};
    buf_puts(&uri, "file:");
    for (const char *p = path; *p; p++)
        if (isalnum((unsigned char)*p) || strchr("/._-", *p))
            buf_add(&uri, p, 1);
        else
            buf_printf(&uri, "%%%02X", (unsigned char)*p);
    buf_puts(&uri, "?immutable=1");
    return uri.data;
}

void store_disconnect(struct store *s)
{
    sqlite3_close(s->db);
    s->db = NULL;
}

/* A file may come from anywhere: nothing in it may act by itself. */
static void protect(struct sqlite3 *db)
{
    static const struct {
        int option, value;
    } settings[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},       {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},  {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 0},     {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        sqlite3_db_config(db, settings[i].option, settings[i].value, NULL);
    sqlite3_busy_timeout(db, STORE_BUSY_MS);
}

int store_connect_as(struct store *s, const char *name, int flags, struct err *e)
{
    int rc = sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (!s->db)
        return err_set(e, ERR_NOMEM, "opening the store: out of memory");
    if (rc == SQLITE_OK) {
        sqlite3_extended_result_codes(s->db, 1);
        protect(s->db);
        return 0;
    }
    int result = store_db_error(s, "opening the store", e);
    store_disconnect(s);
    return result;
}

static int folder_writable(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? xasprintf("%.*s/", (int)(slash - path), path) : xstrdup(".");
    int writable = access(folder, W_OK) == 0;
    free(folder);
    return writable;
}

off_t store_size_beside(const struct store *s, const char *suffix)
{
    struct stat st;
    char *name = xasprintf("%s%s", s->path, suffix);
    off_t size = stat(name, &st) == 0 ? st.st_size : 0;
    free(name);
    return size;
}

/* Reading a write-ahead log takes a helper file in the folder, which cannot be made where nothing
 * can be written; without changes left in journals the file itself is all there is to read. */
static int must_be_immutable(struct store *s)
{
    int rc = sqlite3_exec(s->db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) & 0xff;
    return (rc == SQLITE_CANTOPEN || rc == SQLITE_READONLY) && store_size_beside(s, "-wal") == 0 &&
           store_size_beside(s, "-journal") == 0;
}

int store_connect_file(struct store *s, struct err *e)
{
    int rc = store_connect_as(s, s->path, SQLITE_OPEN_READWRITE, e);
    if (rc < 0)
        return rc;
    int writable = !sqlite3_db_readonly(s->db, "main") && folder_writable(s->path);
    s->mode = writable ? STORE_WRITABLE : STORE_READ_ONLY;
    if (writable || !must_be_immutable(s))
        return 0;
    store_disconnect(s);
    char *uri = immutable_uri(s->path);
    rc = store_connect_as(s, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e);
    free(uri);
    return rc;
}

static int wants_wal(const struct store *s, enum store_journal wanted)
{
    return wanted == STORE_JOURNAL_WAL ||
           (wanted == STORE_JOURNAL_AUTO && store_where_local(s->path));
}

/* Without shared memory a write-ahead log can only be read by one process that keeps all others
 * out; so the first look at a file on a remote file system is taken that way. */
int store_journal_before(struct store *s, enum store_journal wanted, struct err *e)
{
    if (wants_wal(s, wanted) || s->mode == STORE_READ_ONLY)
        return 0;
    return store_db_script(s, "PRAGMA locking_mode = EXCLUSIVE", e);
}

/* Leaves the old mode when another process is using the file: either is safe then. */
int store_journal_set(struct store *s, enum store_journal wanted, struct err *e)
{
    int wal = wants_wal(s, wanted);
    char *mode = NULL;
    int rc = store_db_text(s, wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = TRUNCATE",
                           NO_VALUES, &mode, NULL);
    if (rc < 0)
        rc = store_db_text(s, "PRAGMA journal_mode", NO_VALUES, &mode, e);
    if (rc >= 0 && !wal && strcmp(mode, "wal") == 0)
        rc = err_set(e, ERR_WRITE, "%s: another lockstep keeps the store busy; try again", s->path);
    if (rc >= 0)
        snprintf(s->journal, sizeof s->journal, "%s", mode);
    free(mode);
    /* The lock is given back at the next read. */
    return rc < 0 ? rc
                  : store_db_script(s,
                                    "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
                                    "PRAGMA locking_mode = NORMAL;"
                                    "SELECT count(*) FROM sqlite_schema",
                                    e);
}
