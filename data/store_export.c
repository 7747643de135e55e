/* Everything stored, as JSON for another lockstep and as CSV for a spreadsheet. */
#include "store_internal.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- JSON ---- */

static void json_cell(struct buf *out, const struct column *c, struct sqlite3_stmt *stmt,
                      int column)
{
    const void *text = sqlite3_column_text(stmt, column);
    switch (c->kind) {
    case COLUMN_ID:
    case COLUMN_TEXT:
    case COLUMN_WORD:
        buf_json(out, text ? text : "", (size_t)sqlite3_column_bytes(stmt, column));
        return;
    case COLUMN_INT:
    case COLUMN_COUNT:
        buf_printf(out, "%lld", (long long)sqlite3_column_int64(stmt, column));
        return;
    case COLUMN_BOOL:
        buf_puts(out, sqlite3_column_int(stmt, column) ? "true" : "false");
        return;
    }
}

static void json_row(struct buf *out, const struct table *t, struct sqlite3_stmt *stmt)
{
    int column = 0;
    for (int i = 0; i < t->ncolumns; i++) {
        const struct column *c = &t->columns[i];
        if (!store_column_exported(c))
            continue;
        buf_printf(out, "%s\"%s\":", column ? "," : "{", c->name);
        json_cell(out, c, stmt, column++);
    }
    buf_puts(out, "}");
}

/* One row a line, so that two exports can be compared line by line. */
static int json_table(struct store *s, const struct table *t, int64_t learner, struct buf *out,
                      struct err *e)
{
    struct buf tail = {0};
    buf_printf(&tail, "WHERE learner = ?1 ORDER BY %s", t->order);
    char *sql = store_table_select(t, 1, tail.data);
    struct sqlite3_stmt *stmt;
    int rc = store_db_prepare(s, sql, VALUES(NUMBER(learner)), &stmt, e);
    free(sql);
    buf_fini(&tail);
    if (rc < 0)
        return rc;
    buf_printf(out, ",\n \"%s\":[", t->json);
    int step;
    for (int n = 0; (step = sqlite3_step(stmt)) == SQLITE_ROW; n++) {
        buf_puts(out, n ? ",\n  " : "\n  ");
        json_row(out, t, stmt);
    }
    if (step != SQLITE_DONE)
        rc = store_db_error(s, "reading the store", e);
    sqlite3_finalize(stmt);
    buf_puts(out, "]");
    return rc;
}

static int json_learner(struct store *s, const struct store_learner *l, struct buf *out,
                        struct err *e)
{
    buf_puts(out, "{\"name\":");
    buf_json(out, l->name, strlen(l->name));
    buf_printf(out, ",\"created_ms\":%lld", (long long)l->created_ms);
    int rc = 0;
    for (int i = 0; store_tables[i] && rc == 0; i++)
        rc = json_table(s, store_tables[i], l->id, out, e);
    buf_puts(out, "}");
    return rc;
}

static int json_all(struct store *s, enum store_scope scope, struct buf *out, struct err *e)
{
    struct store_learner *learners;
    int n = store_learners(s, &learners, e), rc = n < 0 ? n : 0;
    buf_puts(out, "{\"schema\":\"lockstep.progress/1\",\n\"learners\":[");
    for (int i = 0, shown = 0; i < n && rc == 0; i++) {
        if (scope == STORE_ONE_LEARNER && !learners[i].selected)
            continue;
        buf_puts(out, shown++ ? ",\n" : "\n");
        rc = json_learner(s, &learners[i], out, e);
    }
    buf_puts(out, "]}\n");
    free(learners);
    return rc;
}

/* ---- CSV ---- */

/* One shape for all that is stored, so that it fits one table. */
static const char csv_header[] =
    "learner,record,lesson,item,section,status,correct,tries,value,message,time\r\n";

#define CSV_TIME(ms) "coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', " ms " / 1000, 'unixepoch'), '')"
#define CSV_FROM(t)  " FROM " t " JOIN learner ON learner.id = " t ".learner"

static const char csv_sql[] =
    "SELECT * FROM ("
    "SELECT learner.id AS who, learner.name, 'lesson' AS record, lesson, '' AS item, section, "
    "status,"
    " '', '', '', '', " CSV_TIME("updated_ms") CSV_FROM(
        "lesson") " UNION ALL SELECT learner.id, learner.name, 'section', lesson, '', section, "
                  "status, '', '',"
                  " position, '', " CSV_TIME("updated_ms") CSV_FROM(
                      "section") " UNION ALL SELECT learner.id, learner.name, 'first answer', "
                                 "lesson, question, '', '',"
                                 " first_correct, 1, first_answer, '', " CSV_TIME("first_ms") CSV_FROM(
                                     "answer") " UNION ALL SELECT learner.id, learner.name, 'last "
                                               "answer', lesson, question, '', '',"
                                               " correct, tries, answer, '', " CSV_TIME("at_ms") CSV_FROM(
                                                   "answer") " UNION ALL SELECT learner.id, "
                                                             "learner.name, 'attempt to ' || kind, "
                                                             "lesson, challenge, '',"
                                                             " verdict, passed, '', tried, "
                                                             "message, " CSV_TIME("at_ms") CSV_FROM(
                                                                 "attempt") " UNION ALL SELECT "
                                                                            "learner.id, "
                                                                            "learner.name, "
                                                                            "'recording', program, "
                                                                            "recording.name, '', "
                                                                            "finding,"
                                                                            " '', '', iif(token <> "
                                                                            "'', token, path), "
                                                                            "'', " CSV_TIME("record"
                                                                                            "ing."
                                                                                            "create"
                                                                                            "d_ms")
                                                                                CSV_FROM(
                                                                                    "recordin"
                                                                                    "g") " UNI"
                                                                                         "O"
                                                                                         "N "
                                                                                         "ALL "
                                                                                         "SELE"
                                                                                         "C"
                                                                                         "T "
                                                                                         "lear"
                                                                                         "n"
                                                                                         "er."
                                                                                         "id, "
                                                                                         "lear"
                                                                                         "n"
                                                                                         "er."
                                                                                         "name"
                                                                                         ","
                                                                                         " '"
                                                                                         "book"
                                                                                         "m"
                                                                                         "ark'"
                                                                                         ","
                                                                                         " iif"
                                                                                         "("
                                                                                         "less"
                                                                                         "o"
                                                                                         "n "
                                                                                         "<> "
                                                                                         "'', "
                                                                                         "less"
                                                                                         "o"
                                                                                         "n, "
                                                                                         "prog"
                                                                                         "r"
                                                                                         "am),"
                                                                                         " '"
                                                                                         "step"
                                                                                         " "
                                                                                         "' "
                                                                                         "|| "
                                                                                         "step"
                                                                                         ","
                                                                                         " '',"
                                                                                         " "
                                                                                         "'', "
                                                                                         "'', "
                                                                                         "'', "
                                                                                         "toke"
                                                                                         "n"
                                                                                         ", "
                                                                                         "note"
                                                                                         ","
                                                                                         " " CSV_TIME(
                                                                                             "b"
                                                                                             "o"
                                                                                             "o"
                                                                                             "k"
                                                                                             "m"
                                                                                             "a"
                                                                                             "r"
                                                                                             "k"
                                                                                             "."
                                                                                             "c"
                                                                                             "r"
                                                                                             "e"
                                                                                             "a"
                                                                                             "t"
                                                                                             "e"
                                                                                             "d"
                                                                                             "_"
                                                                                             "m"
                                                                                             "s")
                                                                                             CSV_FROM("bookmark") " UNION ALL SELECT learner.id, learner.name, 'setting', '', key, '', '', '', '', value, '', ''" CSV_FROM(
                                                                                                 "s"
                                                                                                 "e"
                                                                                                 "t"
                                                                                                 "t"
                                                                                                 "i"
                                                                                                 "n"
                                                                                                 "g") ") WHERE ?1 = 0 OR who = ?1 ORDER BY 2, 3, 4, 6, 5, 12";

void store_csv_cell(struct buf *out, const char *text)
{
    int formula = *text && strchr("=+-@\t\r", *text) != NULL;
    if (!formula && !strpbrk(text, ",\"\r\n") && *text != ' ') {
        buf_puts(out, text);
        return;
    }
    buf_puts(out, formula ? "\"'" : "\"");
    for (; *text; text++)
        buf_add(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    buf_puts(out, "\"");
}

static int csv_all(struct store *s, enum store_scope scope, struct buf *out, struct err *e)
{
    struct sqlite3_stmt *stmt;
    int64_t who = scope == STORE_ONE_LEARNER ? s->learner : 0;
    buf_puts(out, csv_header);
    if (scope == STORE_ONE_LEARNER && who == 0)
        return 0;
    int rc = store_db_prepare(s, csv_sql, VALUES(NUMBER(who)), &stmt, e), step;
    if (rc < 0)
        return rc;
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 1; i < sqlite3_column_count(stmt); i++) { /* 0 is the learner's number */
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            buf_puts(out, i > 1 ? "," : "");
            store_csv_cell(out, text ? text : "");
        }
        buf_puts(out, "\r\n");
    }
    if (step != SQLITE_DONE)
        rc = store_db_error(s, "reading the store", e);
    sqlite3_finalize(stmt);
    return rc;
}

/* ---- both ---- */

/* In one transaction, so that what another process saves meanwhile is in it wholly or not at all.
 */
static int export(struct store *s, enum store_scope scope, struct buf *out, struct err *e,
                  int (*write)(struct store *, enum store_scope, struct buf *, struct err *))
{
    struct buf all = {0};
    int rc = store_db_script(s, "BEGIN", e);
    if (rc < 0)
        return rc;
    rc = write(s, scope, &all, e);
    store_db_script(s, "ROLLBACK", NULL);
    if (rc == 0)
        buf_add(out, all.data, all.len);
    buf_fini(&all);
    return rc;
}

int store_export_json(struct store *s, enum store_scope scope, struct buf *out, struct err *e)
{
    return export(s, scope, out, e, json_all);
}

int store_export_csv(struct store *s, enum store_scope scope, struct buf *out, struct err *e)
{
    return export(s, scope, out, e, csv_all);
}
