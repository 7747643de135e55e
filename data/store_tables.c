/* The tables, described once: reading rows into structs, export and import all go by this. */
#include "store_internal.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define NWORDS(words) (int)(sizeof(words) / sizeof *(words))
#define LAST_MS       253402300799999 /* the end of the year 9999 */

static const char *const status_words[STORE_NSTATUS] = {"new", "begun", "done", "skipped"};
static const char *const kind_words[STORE_NKIND] = {"break", "find", "fix"};

#define ID(s, m)                                                                                   \
    {                                                                                              \
        .name = #m, .kind = COLUMN_ID, .offset = offsetof(struct s, m)                             \
    }
#define TEXT_(s, m)                                                                                \
    {                                                                                              \
        .name = #m, .kind = COLUMN_TEXT, .offset = offsetof(struct s, m)                           \
    }
#define BOOL(s, m, sql)                                                                            \
    {                                                                                              \
        .name = sql, .kind = COLUMN_BOOL, .offset = offsetof(struct s, m)                          \
    }
#define INT(s, m, lo, hi)                                                                          \
    {                                                                                              \
        .name = #m, .kind = COLUMN_INT, .offset = offsetof(struct s, m), .least = lo, .most = hi   \
    }
#define COUNT(s, m, lo, hi)                                                                        \
    {                                                                                              \
        .name = #m, .kind = COLUMN_COUNT, .offset = offsetof(struct s, m), .least = lo, .most = hi \
    }
#define WORD(s, m, lo, w)                                                                          \
    {                                                                                              \
        .name = #m, .kind = COLUMN_WORD, .offset = offsetof(struct s, m), .least = lo, .words = w, \
        .nwords = NWORDS(w)                                                                        \
    }
#define ONLY_READ(s, m, k, sql)                                                                    \
    {                                                                                              \
        .name = #m, .kind = k, .offset = offsetof(struct s, m), .expression = sql                  \
    }

static const struct column learner_columns[] = {
    ONLY_READ(store_learner, id, COLUMN_COUNT, "id"),
    ID(store_learner, name),
    COUNT(store_learner, created_ms, 0, LAST_MS),
    ONLY_READ(store_learner, selected, COLUMN_INT, "id = ?1"),
};
static const struct column lesson_columns[] = {
    ID(store_lesson, lesson),
    WORD(store_lesson, status, STORE_BEGUN, status_words),
    INT(store_lesson, section, 0, STORE_SECTION_MAX),
    COUNT(store_lesson, updated_ms, 0, LAST_MS),
    ONLY_READ(store_lesson, position, COLUMN_TEXT,
              "coalesce((SELECT position FROM section AS s WHERE s.learner = lesson.learner"
              " AND s.lesson = lesson.lesson AND s.section = lesson.section), '')"),
};
static const struct column section_columns[] = {
    {.name = "lesson", .kind = COLUMN_ID, .offset = COLUMN_NO_MEMBER},
    INT(store_section, section, 0, STORE_SECTION_MAX),
    WORD(store_section, status, STORE_BEGUN, status_words),
    TEXT_(store_section, position),
    COUNT(store_section, updated_ms, 0, LAST_MS),
};
static const struct column answer_columns[] = {
    ID(store_answer, lesson),
    ID(store_answer, question),
    TEXT_(store_answer, answer),
    BOOL(store_answer, right, "correct"),
    COUNT(store_answer, at_ms, 0, LAST_MS),
    TEXT_(store_answer, first_answer),
    BOOL(store_answer, first_right, "first_correct"),
    COUNT(store_answer, first_ms, 0, LAST_MS),
    INT(store_answer, tries, 1, INT32_MAX),
};
static const struct column attempt_columns[] = {
    ONLY_READ(store_attempt, id, COLUMN_COUNT, "id"),
    ID(store_attempt, lesson),
    ID(store_attempt, challenge),
    WORD(store_attempt, kind, 0, kind_words),
    TEXT_(store_attempt, tried),
    BOOL(store_attempt, passed, "passed"),
    TEXT_(store_attempt, verdict),
    TEXT_(store_attempt, message),
    COUNT(store_attempt, at_ms, 0, LAST_MS),
};
static const struct column recording_columns[] = {
    ONLY_READ(store_recording, id, COLUMN_COUNT, "id"),
    ID(store_recording, name),
    TEXT_(store_recording, program),
    TEXT_(store_recording, path),
    TEXT_(store_recording, token),
    TEXT_(store_recording, finding),
    COUNT(store_recording, created_ms, 0, LAST_MS),
};
static const struct column bookmark_columns[] = {
    ONLY_READ(store_bookmark, id, COLUMN_COUNT, "id"),
    TEXT_(store_bookmark, lesson),
    TEXT_(store_bookmark, program),
    TEXT_(store_bookmark, token),
    COUNT(store_bookmark, step, 0, INT64_MAX),
    TEXT_(store_bookmark, note),
    COUNT(store_bookmark, created_ms, 0, LAST_MS),
};
static const struct column setting_columns[] = {
    ID(store_setting, key),
    TEXT_(store_setting, value),
};

#define TABLE(n)                                                                                   \
    .name = #n, .size = sizeof(struct store_##n), .columns = n##_columns,                          \
    .ncolumns = (int)(sizeof n##_columns / sizeof *n##_columns)

/* Learners are merged by store_import.c itself. */
const struct table store_learner_table = {TABLE(learner), .order = "name"};
const struct table store_lesson_table = {
    TABLE(lesson), .json = "lessons", .order = "lesson",
    .merge = "INSERT INTO lesson (learner, lesson, status, section, updated_ms, visit)"
             " VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT DO UPDATE SET status = excluded.status,"
             " section = excluded.section, updated_ms = excluded.updated_ms"
             " WHERE excluded.updated_ms > lesson.updated_ms"};
const struct table store_section_table = {
    TABLE(section), .json = "sections", .order = "lesson, section",
    .merge = "INSERT INTO section (learner, lesson, section, status, position, updated_ms)"
             " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
             " status = excluded.status, position = excluded.position,"
             " updated_ms = excluded.updated_ms"
             " WHERE excluded.updated_ms > section.updated_ms"};
const struct table store_answer_table = {
    TABLE(answer), .json = "answers", .order = "lesson, question",
    .merge = "INSERT INTO answer (learner, lesson, question, answer, correct, at_ms, first_answer,"
             " first_correct, first_ms, tries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
             " ON CONFLICT DO UPDATE SET"
             " answer = iif(excluded.at_ms > answer.at_ms, excluded.answer, answer.answer),"
             " correct = iif(excluded.at_ms > answer.at_ms, excluded.correct, answer.correct),"
             " at_ms = max(excluded.at_ms, answer.at_ms),"
             " first_answer = iif(excluded.first_ms < answer.first_ms, excluded.first_answer,"
             "  answer.first_answer),"
             " first_correct = iif(excluded.first_ms < answer.first_ms, excluded.first_correct,"
             "  answer.first_correct),"
             " first_ms = min(excluded.first_ms, answer.first_ms),"
             " tries = max(excluded.tries, answer.tries)"
             " WHERE excluded.at_ms > answer.at_ms OR excluded.first_ms < answer.first_ms"
             " OR excluded.tries > answer.tries"};
const struct table store_attempt_table = {
    TABLE(attempt), .json = "attempts", .order = "lesson, challenge, at_ms, id",
    .merge = "INSERT INTO attempt (learner, lesson, challenge, kind, tried, passed, verdict,"
             " message, at_ms) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS"
             " (SELECT 1 FROM attempt WHERE learner = ?1 AND lesson = ?2 AND challenge = ?3"
             " AND kind = ?4 AND tried = ?5 AND passed = ?6 AND verdict = ?7 AND message = ?8"
             " AND at_ms = ?9)"};
/* A free name is made of the first 48 characters, so that it stays within STORE_ID_MAX bytes. */
const struct table store_recording_table = {
    TABLE(recording), .json = "recordings", .order = "name",
    .merge = "INSERT INTO recording (learner, name, program, path, token, finding, created_ms)"
             " SELECT ?1, iif(NOT EXISTS (SELECT 1 FROM recording WHERE learner = ?1"
             "  AND name = ?2), ?2, (WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n"
             "  WHERE i < 9999) SELECT substr(?2, 1, 48) || ' (' || i || ')' FROM n WHERE NOT"
             "  EXISTS (SELECT 1 FROM recording WHERE learner = ?1 AND"
             "  name = substr(?2, 1, 48) || ' (' || i || ')') LIMIT 1)),"
             " ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM recording WHERE learner = ?1"
             "  AND program = ?3 AND path = ?4 AND token = ?5 AND finding = ?6 AND created_ms = ?7"
             "  AND (name = ?2 OR name GLOB '* ([0-9]*)' AND substr(name, 1,"
             "   length(substr(?2, 1, 48))) = substr(?2, 1, 48)))"};
const struct table store_bookmark_table = {
    TABLE(bookmark), .json = "bookmarks", .order = "lesson, program, step, id",
    .merge = "INSERT INTO bookmark (learner, lesson, program, token, step, note, created_ms)"
             " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM bookmark"
             " WHERE learner = ?1 AND lesson = ?2 AND program = ?3 AND token = ?4 AND step = ?5"
             " AND note = ?6 AND created_ms = ?7)"};
const struct table store_setting_table = {
    TABLE(setting), .json = "settings", .order = "key",
    .merge = "INSERT INTO setting (learner, key, value) VALUES (?1, ?2, ?3)"
             " ON CONFLICT DO NOTHING"};

const struct table *const store_tables[] = {
    &store_lesson_table,    &store_section_table,  &store_answer_table,  &store_attempt_table,
    &store_recording_table, &store_bookmark_table, &store_setting_table, NULL,
};

const char *store_status_word(enum store_status status)
{
    return status_words[status < STORE_NSTATUS ? status : STORE_NEW];
}

int store_status_parse(const char *word)
{
    int i = store_word_index(status_words, STORE_NSTATUS, word);
    return i < 0 ? -ERR_DATA : i;
}

const char *store_attempt_word(enum store_attempt_kind kind)
{
    return kind_words[kind < STORE_NKIND ? kind : STORE_BREAK];
}

int store_word_index(const char *const *words, int nwords, const char *word)
{
    for (int i = 0; word && i < nwords; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

int store_column_exported(const struct column *c)
{
    return c->expression == NULL;
}

char *store_table_select(const struct table *t, int exported_only, const char *tail)
{
    struct buf sql = {0};
    for (int i = 0; i < t->ncolumns; i++) {
        const struct column *c = &t->columns[i];
        if (exported_only ? !store_column_exported(c) : c->offset == COLUMN_NO_MEMBER)
            continue;
        buf_printf(&sql, "%s %s", sql.len ? "," : "SELECT",
                   c->expression ? c->expression : c->name);
    }
    buf_printf(&sql, " FROM %s %s", t->name, tail);
    return sql.data;
}

/* Rows under construction. A text's place in `texts` stands where its pointer will be, since both
 * blocks may still move. */
struct rows {
    const struct table *table;
    char *data;
    size_t n, cap;
    struct buf texts;
};

static void put_text(struct rows *r, char *member, struct sqlite3_stmt *stmt, int column)
{
    const void *text = sqlite3_column_text(stmt, column);
    uintptr_t place = r->texts.len;
    memcpy(member, &place, sizeof place);
    buf_add(&r->texts, text ? text : "", text ? (size_t)sqlite3_column_bytes(stmt, column) : 0);
    buf_add(&r->texts, "", 1);
}

static void put_cell(struct rows *r, char *row, const struct column *c, struct sqlite3_stmt *stmt,
                     int column)
{
    char *member = row + c->offset;
    int64_t number = sqlite3_column_int64(stmt, column);
    int small = number > INT32_MAX ? INT32_MAX : number < 0 ? 0 : (int)number;
    switch (c->kind) {
    case COLUMN_ID:
    case COLUMN_TEXT:
        put_text(r, member, stmt, column);
        return;
    case COLUMN_COUNT:
        memcpy(member, &number, sizeof number);
        return;
    case COLUMN_WORD:
        small =
            store_word_index(c->words, c->nwords, (const char *)sqlite3_column_text(stmt, column));
        small = small < 0 ? 0 : small;
        break;
    case COLUMN_INT:
    case COLUMN_BOOL:
        break;
    }
    memcpy(member, &small, sizeof small);
}

static void put_row(struct rows *r, struct sqlite3_stmt *stmt)
{
    const struct table *t = r->table;
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 8;
        r->data = xrealloc(r->data, r->cap, t->size);
    }
    char *row = r->data + r->n++ * t->size;
    memset(row, 0, t->size);
    for (int i = 0, column = 0; i < t->ncolumns; i++)
        if (t->columns[i].offset != COLUMN_NO_MEMBER)
            put_cell(r, row, &t->columns[i], stmt, column++);
}

/* One block: the rows, then their texts, the places turned into pointers. */
static char *join(struct rows *r)
{
    const struct table *t = r->table;
    size_t nrows = r->n * t->size;
    char *block = xrealloc(r->data, nrows + r->texts.len, 1);
    if (r->texts.len)
        memcpy(block + nrows, r->texts.data, r->texts.len);
    for (size_t i = 0; i < r->n; i++)
        for (int k = 0; k < t->ncolumns; k++) {
            const struct column *c = &t->columns[k];
            if (c->offset == COLUMN_NO_MEMBER || (c->kind != COLUMN_TEXT && c->kind != COLUMN_ID))
                continue;
            char *member = block + i * t->size + c->offset;
            uintptr_t place;
            memcpy(&place, member, sizeof place);
            const char *text = block + nrows + place;
            memcpy(member, &text, sizeof text);
        }
    buf_fini(&r->texts);
    return block;
}

/* `list` is the address of the caller's pointer to rows, whatever their type. */
int store_table_read(struct store *s, const struct table *t, const char *tail,
                     const struct value *values, int nvalues, void *list, struct err *e)
{
    struct rows r = {.table = t};
    struct sqlite3_stmt *stmt;
    char *sql = store_table_select(t, 0, tail), *block = NULL;
    memcpy(list, &block, sizeof block);
    int rc = store_db_prepare(s, sql, values, nvalues, &stmt, e);
    free(sql);
    if (rc < 0)
        return rc;
    int step;
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
        put_row(&r, stmt);
    if (step != SQLITE_DONE)
        rc = store_db_error(s, "reading the store", e);
    sqlite3_finalize(stmt);
    if (rc < 0 || r.n == 0) {
        free(r.data);
        buf_fini(&r.texts);
        return rc;
    }
    block = join(&r);
    memcpy(list, &block, sizeof block);
    return r.n > INT32_MAX ? INT32_MAX : (int)r.n;
}
