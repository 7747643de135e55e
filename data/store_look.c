/* What lies there: reading the header, checking the file, trying the tables. */
#include "store_internal.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_WHEN_OPENING_MAX (32 << 20) /* bytes: some 50 ms */

/* SQLITE_ERROR too: the statements here are known to be right, so that it is the file's content
 * that is not (a format nobody has defined, say). */
static int is_damage(struct store *s)
{
    int primary = sqlite3_errcode(s->db) & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR;
}

int store_check_file(struct store *s, const char *pragma, char **found, struct err *e)
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

static int look(struct store *s, struct err *e)
{
    int seen = look_at_header(s, e);
    if (seen < 0 || seen == LOOK_NEWER || seen == LOOK_DAMAGED || seen == LOOK_FRESH)
        return seen;
    int sound = store_size_beside(s, "") <= CHECK_WHEN_OPENING_MAX
                    ? store_check_file(s, "PRAGMA quick_check(1)", NULL, e)
                    : 1;
    if (sound < 0)
        return sound;
    if (!sound || (seen == LOOK_GOOD && !tables_fit(s)))
        return LOOK_DAMAGED;
    return seen;
}

/* In one transaction, since another process may just be making the file: header, version and tables
 * must be of the same moment. */
int store_look(struct store *s, struct err *e)
{
    int rc = store_db_script(s, "BEGIN", e);
    if (rc < 0)
        return rc;
    rc = look(s, e);
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}
