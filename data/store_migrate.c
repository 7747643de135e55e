/* From an older schema to the newest: a copy first, then all steps in one transaction. */
#include "store_internal.h"

#include <sqlite3.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int store_migrate_version(struct store *s, int *version, struct err *e)
{
    int64_t number = 0;
    int rc = store_db_number(s, "PRAGMA user_version", NO_VALUES, &number, e);
    *version = (int)number;
    return rc < 0 ? rc : 0;
}

/* The copy is on the disk when this returns 0: SQLite syncs it before it closes the transaction. */
static int copy_into(struct store *s, const char *name, struct err *e)
{
    struct sqlite3 *copy = NULL;
    int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    int rc = sqlite3_open_v2(name, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(copy, "main", s->db, "main");
        if (backup) {
            sqlite3_backup_step(backup, -1);
            sqlite3_backup_finish(backup);
        }
        rc = sqlite3_errcode(copy);
    }
    if (rc != SQLITE_OK)
        err_set(e, ERR_WRITE, "no copy of the store could be made before changing it: %s (%s)",
                copy ? sqlite3_errmsg(copy) : "out of memory", name);
    sqlite3_close(copy);
    return rc == SQLITE_OK ? 0 : -ERR_WRITE;
}

static int back_up(struct store *s, int version, struct err *e)
{
    char stamp[32], tag[32];
    store_stamp(s, stamp);
    snprintf(tag, sizeof tag, "schema%d", version);
    char *name = store_where_free_name(s->path, tag, stamp), *part = xasprintf("%s.part", name);
    int rc = copy_into(s, part, e);
    if (rc == 0 && rename(part, name) != 0)
        rc = err_set(e, ERR_WRITE, "no copy of the store could be made before changing it (%s)",
                     name);
    if (rc == 0) {
        store_where_sync_folder(name);
        buf_printf(&s->notice, "The store was brought up to date; a copy from before is %s. ",
                   name);
    } else {
        unlink(part);
    }
    free(part);
    free(name);
    return rc;
}

static int apply(struct store *s, int version, struct err *e)
{
    int rc = 0;
    for (int v = version; v < s->schema->n && rc == 0; v++)
        rc = store_db_script(s, s->schema->steps[v], e);
    if (rc < 0)
        return rc;
    char pragmas[96];
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             STORE_APPLICATION_ID, s->schema->n);
    return store_db_script(s, pragmas, e);
}

/* Foreign keys are off while the steps run, so that they may rebuild tables; what they leave behind
 * must hold together all the same. */
static int check_references(struct store *s, struct err *e)
{
    char *table;
    int rc = store_db_text(s, "PRAGMA foreign_key_check", NO_VALUES, &table, e);
    if (rc == 1)
        rc = err_set(e, ERR_INTERNAL, "the table %s has rows that belong to nothing", table);
    free(table);
    return rc;
}

static int apply_and_check(struct store *s, int version, struct err *e)
{
    struct err why;
    int rc = apply(s, version, &why);
    if (rc == 0)
        rc = check_references(s, &why);
    if (rc < 0)
        err_set(e, (enum err_code) - rc,
                "%s could not be brought up to date; nothing was changed: %s", s->path,
                why.message);
    return rc;
}

/* The copy is made outside the transaction, so the version is read again inside. */
int store_migrate(struct store *s, struct err *e)
{
    int version, rc = store_migrate_version(s, &version, e);
    if (rc == 0 && version > 0 && version < s->schema->n && s->mode != STORE_MEMORY)
        rc = back_up(s, version, e);
    if (rc == 0)
        rc = store_db_script(s, "BEGIN IMMEDIATE", e);
    if (rc < 0)
        return rc;
    rc = store_migrate_version(s, &version, e);
    if (rc == 0 && version < s->schema->n)
        rc = apply_and_check(s, version, e);
    return store_save_end(s, rc, e);
}
