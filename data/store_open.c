/* Opening: find out what lies there, and make of it a store that can be used. */
#include "store_internal.h"

#include <sqlite3.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    store_disconnect(s);
    int rc = store_where_set_aside(s->path, "damaged", stamp, &aside, e);
    if (rc < 0)
        return rc;
    buf_printf(&s->notice,
               "The store was damaged. It is kept as %s; a new one, without your progress, was "
               "begun. ",
               aside);
    free(aside);
    rc = create_empty(s, e);
    return rc < 0 ? rc : store_connect_file(s, e);
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
    return store_size_beside(s, "") < 512 && store_size_beside(s, "-wal") > 0;
}

/* With the lock held, the file may be changed as a whole; without, LOOK_* > 0 asks for the lock. */
static int make_use(struct store *s, enum store_journal wanted, int locked, struct err *e)
{
    if (headless(s) && !locked)
        return LOOK_DAMAGED;
    int rc = headless(s) ? begin_anew(s, e) : store_connect_file(s, e);
    if (rc == 0)
        rc = store_journal_before(s, wanted, e);
    int seen = rc < 0 ? rc : store_look(s, e);
    if (seen < 0)
        return seen;
    if (seen == LOOK_NEWER)
        return use_newer(s, e);
    if (seen == LOOK_FOREIGN || (seen != LOOK_GOOD && s->mode == STORE_READ_ONLY))
        return refuse(s, (enum look)seen, e);
    if (s->mode == STORE_READ_ONLY)
        return use_read_only(s);
    if (seen != LOOK_GOOD && !locked)
        return seen;
    if (seen == LOOK_DAMAGED) {
        rc = begin_anew(s, e);
        if (rc < 0)
            return rc;
    }
    rc = store_journal_set(s, wanted, e);
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
    /* An error too is looked into with the lock held: another process may just be setting the file
     * aside, its journals first. */
    int rc = there ? make_use(s, wanted, 0, e) : LOOK_FRESH;
    if (rc == 0 || rc == -ERR_DATA)
        return rc;
    store_disconnect(s);
    buf_fini(&s->notice);
    buf_puts(&s->notice, "");
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
    while (s->notice.len && s->notice.data[s->notice.len - 1] == ' ')
        s->notice.data[--s->notice.len] = '\0';
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
    int rc = store_connect_as(s, s->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e);
    if (rc == 0)
        rc = store_migrate(s, e);
    return finish(out, s, rc, e);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    store_disconnect(s);
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
    int sound = store_check_file(s, "PRAGMA integrity_check(1)", &found, e);
    if (sound == 0)
        err_set(e, ERR_DATA,
                "%s is damaged: %s; start lockstep again, or move the file away to begin anew",
                s->path, found);
    free(found);
    return sound == 1 ? 0 : sound == 0 ? -ERR_DATA : sound;
}
