/* Opening: find out what lies there, and make of it a store that can be used. */
#include "store_internal.h"

#include <sqlite3.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK_WHEN_OPENING_MAX (32 << 20) /* bytes: some 50 ms */

/* What a file turned out to be. */
enum look {
    LOOK_GOOD,
    LOOK_FRESH, /* empty */
    LOOK_OLD,
    LOOK_NEWER,
    LOOK_FOREIGN, /* another program's database */
    LOOK_DAMAGED
};

/* ---- connecting ---- */

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

static void disconnect(struct store *s)
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

static int connect_as(struct store *s, const char *name, int flags, struct err *e)
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
    disconnect(s);
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

static off_t size_beside(const struct store *s, const char *suffix)
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
    return (rc == SQLITE_CANTOPEN || rc == SQLITE_READONLY) && size_beside(s, "-wal") == 0 &&
           size_beside(s, "-journal") == 0;
}

static int connect_file(struct store *s, struct err *e)
{
    int rc = connect_as(s, s->path, SQLITE_OPEN_READWRITE, e);
    if (rc < 0)
        return rc;
    int writable = !sqlite3_db_readonly(s->db, "main") && folder_writable(s->path);
    s->mode = writable ? STORE_WRITABLE : STORE_READ_ONLY;
    if (writable || !must_be_immutable(s))
        return 0;
    disconnect(s);
    char *uri = immutable_uri(s->path);
    rc = connect_as(s, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e);
    free(uri);
    return rc;
}

/* ---- looking ---- */

static int is_damage(struct store *s)
{
    int primary = sqlite3_errcode(s->db) & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

/* 1 when SQLite finds the file in order, 0 when damaged. *found (may be NULL): to free(). */
static int check_file(struct store *s, const char *pragma, char **found, struct err *e)
{
    char *said;
    int rc = store_db_text(s, pragma, NO_VALUES, &said, e);
    if (rc < 0 && is_damage(s))
        rc = 0;
    else if (rc == 1)
        rc = strcmp(said, "ok") == 0;
    if (found && rc == 0)
        *found = xstrdup(said ? said : sqlite3_errmsg(s->db));
    free(said);
    return rc;
}

static int small_enough(const struct store *s)
{
    struct stat st;
    return stat(s->path, &st) == 0 && st.st_size <= CHECK_WHEN_OPENING_MAX;
}

/* Are all tables there, with the columns this program reads? */
static int tables_fit(struct store *s)
{
    for (int i = -1; i < 0 || store_tables[i]; i++) {
        const struct table *t = i < 0 ? &store_learner_table : store_tables[i];
        char *sql = store_table_select(t, 0, "");
        struct sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
        sqlite3_finalize(stmt);
        free(sql);
        if (rc == SQLITE_ERROR || rc == SQLITE_CORRUPT)
            return 0;
    }
    return 1;
}

/* What the header says; -1 when it cannot be told before the file is checked. */
static int look_at_header(struct store *s, struct err *e)
{
    int64_t id = 0, version = 0, ntables = 0;
    int rc = store_db_number(s, "PRAGMA application_id", NO_VALUES, &id, e);
    if (rc >= 0)
        rc = store_db_number(s, "PRAGMA user_version", NO_VALUES, &version, e);
    if (rc >= 0)
        rc = store_db_number(s, "SELECT count(*) FROM sqlite_schema", NO_VALUES, &ntables, e);
    if (rc < 0)
        return is_damage(s) ? LOOK_DAMAGED : rc;
    if (id != STORE_APPLICATION_ID)
        return ntables == 0 && id == 0 && version == 0 ? LOOK_FRESH : LOOK_FOREIGN;
    if (version > s->schema->n)
        return LOOK_NEWER;
    if (version < 1)
        return LOOK_DAMAGED;
    return version < s->schema->n ? LOOK_OLD : LOOK_GOOD;
}

/* An enum look, or an error. A newer file is not judged: its making may be beyond this program. */
static int look(struct store *s, struct err *e)
{
    int seen = look_at_header(s, e);
    if (seen < 0 || seen == LOOK_NEWER || seen == LOOK_DAMAGED || seen == LOOK_FRESH)
        return seen;
    int sound = small_enough(s) ? check_file(s, "PRAGMA quick_check(1)", NULL, e) : 1;
    if (sound < 0)
        return sound;
    if (!sound || (seen == LOOK_GOOD && !tables_fit(s)))
        return LOOK_DAMAGED;
    return seen;
}

/* ---- journal ---- */

static int wants_wal(const struct store *s, enum store_journal wanted)
{
    return wanted == STORE_JOURNAL_WAL ||
           (wanted == STORE_JOURNAL_AUTO && store_where_local(s->path));
}

/* Without shared memory a write-ahead log can only be read by one process that keeps all others
 * out; so the first look at a file on a remote file system is taken that way. */
static int before_first_look(struct store *s, enum store_journal wanted, struct err *e)
{
    if (wants_wal(s, wanted) || s->mode == STORE_READ_ONLY)
        return 0;
    return store_db_script(s, "PRAGMA locking_mode = EXCLUSIVE", e);
}

/* Leaves the old mode when another process is using the file: either is safe then. */
static int set_journal(struct store *s, enum store_journal wanted, struct err *e)
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

/* ---- making a store of it ---- */

static int create_empty(struct store *s, struct err *e)
{
    int rc = store_where_make(s->path, e);
    if (rc < 0)
        return rc;
    int fd = open(s->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST)
        return err_set(e, ERR_CREATE,
                       "cannot make %s: %s; choose another folder with LOCKSTEP_DATA", s->path,
                       strerror(errno));
    if (fd >= 0)
        close(fd);
    return 0;
}

static int begin_anew(struct store *s, struct err *e)
{
    char stamp[32], *aside;
    store_stamp(s, stamp);
    disconnect(s);
    int rc = store_where_set_aside(s->path, "damaged", stamp, &aside, e);
    if (rc < 0)
        return rc;
    buf_printf(&s->notice,
               "The store was damaged. It is kept as %s; a new one, without your progress, was "
               "begun. ",
               aside);
    free(aside);
    rc = create_empty(s, e);
    return rc < 0 ? rc : connect_file(s, e);
}

static int refuse(const struct store *s, enum look seen, struct err *e)
{
    if (seen == LOOK_FOREIGN)
        return err_set(e, ERR_DATA,
                       "%s is a database of another program; move it away, or choose another "
                       "folder with LOCKSTEP_DATA",
                       s->path);
    return err_set(e, seen == LOOK_DAMAGED ? ERR_DATA : ERR_WRITE,
                   "%s is %s, and it or its folder is read-only; look at the permissions", s->path,
                   seen == LOOK_DAMAGED ? "damaged"
                   : seen == LOOK_FRESH ? "empty"
                                        : "from an older lockstep and must be brought up to date");
}

static int use_newer(struct store *s, struct err *e)
{
    int version;
    int rc = store_migrate_version(s, &version, e);
    if (rc < 0)
        return rc;
    s->mode = STORE_NEWER;
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    buf_printf(&s->notice,
               "The store %s was written by a newer lockstep (schema %d; this one knows %d). It is "
               "only read: nothing you do now is kept. Install that version. ",
               s->path, version, s->schema->n);
    return store_db_script(s, "PRAGMA query_only = ON; PRAGMA locking_mode = NORMAL", e);
}

static int use_read_only(struct store *s)
{
    snprintf(s->journal, sizeof s->journal, "none");
    buf_printf(&s->notice,
               "The store %s cannot be written: nothing you do now is kept. Look at the "
               "permissions of file and folder. ",
               s->path);
    return 0;
}

/* SQLite deletes a log beside a file that has no page; but it may hold what the file has lost. */
static int headless(const struct store *s)
{
    return size_beside(s, "") < 512 && size_beside(s, "-wal") > 0;
}

/* With the lock held, the file may be changed as a whole; without, LOOK_* > 0 asks for the lock. */
static int make_use(struct store *s, enum store_journal wanted, int locked, struct err *e)
{
    if (headless(s) && !locked)
        return LOOK_DAMAGED;
    int rc = headless(s) ? begin_anew(s, e) : connect_file(s, e);
    if (rc == 0)
        rc = before_first_look(s, wanted, e);
    int seen = rc < 0 ? rc : look(s, e);
    if (seen < 0)
        return seen;
    if (seen == LOOK_NEWER)
        return use_newer(s, e);
    if (seen == LOOK_FOREIGN || (seen != LOOK_GOOD && s->mode == STORE_READ_ONLY))
        return refuse(s, seen, e);
    if (s->mode == STORE_READ_ONLY)
        return use_read_only(s);
    if (seen != LOOK_GOOD && !locked)
        return seen;
    if (seen == LOOK_DAMAGED) {
        rc = begin_anew(s, e);
        if (rc < 0)
            return rc;
    }
    rc = set_journal(s, wanted, e);
    return rc < 0 || seen == LOOK_GOOD ? rc : store_migrate(s, e);
}

static int open_file(struct store *s, enum store_journal wanted, struct err *e)
{
    struct stat st;
    int there = stat(s->path, &st) == 0;
    if (there && !S_ISREG(st.st_mode))
        return err_set(e, ERR_OPEN,
                       "%s is not a file; move it away, or choose another folder with "
                       "LOCKSTEP_DATA",
                       s->path);
    if (!there && errno != ENOENT)
        return err_set(e, ERR_OPEN, "cannot open %s: %s; choose another folder with LOCKSTEP_DATA",
                       s->path, strerror(errno));
    int rc = there ? make_use(s, wanted, 0, e) : LOOK_FRESH;
    if (rc <= 0)
        return rc;
    disconnect(s);
    rc = there ? 0 : store_where_make(s->path, e);
    int lock = rc < 0 ? -1 : store_where_lock(s->path);
    if (rc == 0)
        rc = create_empty(s, e);
    if (rc == 0)
        rc = make_use(s, wanted, 1, e);
    if (lock >= 0)
        close(lock);
    return rc;
}

/* ---- public ---- */

static char *login_name(const char *given)
{
    const struct passwd *user = given ? NULL : getpwuid(getuid());
    const char *name = given ? given : user ? user->pw_name : getenv("USER");
    return xstrdup(name && store_check_learner_name(name, NULL) == 0 ? name : "learner");
}

static struct store *new_store(const struct store_options *options,
                               const struct store_schema *schema)
{
    struct store *s = xcalloc(1, sizeof *s);
    s->schema = schema;
    s->login = login_name(options->login);
    s->learner_name = xstrdup("");
    s->now_ms = options->now_ms;
    s->clock = options->clock;
    buf_puts(&s->notice, "");
    return s;
}

/* The file itself and not a link to it, because its journals lie beside it. */
static int find_path(struct store *s, const char *given, struct err *e)
{
    int rc = 0;
    if (given)
        s->path = xstrdup(given);
    else
        rc = store_path(&s->path, e);
    char *real = rc < 0 ? NULL : realpath(s->path, NULL);
    if (real) {
        free(s->path);
        s->path = real;
    }
    return rc;
}

static int finish(struct store **out, struct store *s, int rc, struct err *e)
{
    if (rc >= 0) {
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
        rc = store_learner_settle(s, e);
    }
    if (rc < 0)
        store_close(s);
    *out = rc < 0 ? NULL : s;
    return rc < 0 ? rc : 0;
}

int store_open_with(struct store **out, const struct store_options *options,
                    const struct store_schema *schema, struct err *e)
{
    static const struct store_options defaults;
    options = options ? options : &defaults;
    struct store *s = new_store(options, schema);
    int rc = find_path(s, options->path, e);
    if (rc == 0)
        rc = open_file(s, options->journal, e);
    return finish(out, s, rc, e);
}

int store_open(struct store **out, const struct store_options *options, struct err *e)
{
    return store_open_with(out, options, &store_schema_current, e);
}

int store_open_memory(struct store **out, const struct store_options *options, struct err *e)
{
    static const struct store_options defaults;
    struct store *s = new_store(options ? options : &defaults, &store_schema_current);
    s->path = xstrdup(":memory:");
    s->mode = STORE_MEMORY;
    strcpy(s->journal, "memory");
    int rc = connect_as(s, s->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e);
    if (rc == 0)
        rc = store_migrate(s, e);
    return finish(out, s, rc, e);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    disconnect(s);
    free(s->path);
    free(s->login);
    free(s->learner_name);
    buf_fini(&s->notice);
    free(s);
}

enum store_mode store_mode(const struct store *s)
{
    return s->mode;
}

const char *store_notice(const struct store *s)
{
    return s->notice.data;
}

const char *store_file(const struct store *s)
{
    return s->path;
}

const char *store_journal_mode(const struct store *s)
{
    return s->journal;
}

int store_check(struct store *s, struct err *e)
{
    char *found = NULL;
    int sound = check_file(s, "PRAGMA integrity_check(1)", &found, e);
    if (sound == 0)
        err_set(e, ERR_DATA,
                "%s is damaged: %s; start lockstep again, or move the file away to begin anew",
                s->path, found);
    free(found);
    return sound == 1 ? 0 : sound == 0 ? -ERR_DATA : sound;
}
