/* Merging an export: read with jansson, checked against the tables, saved in one transaction. */
#include "store_internal.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT_MAX  (256 << 20) /* bytes */
#define COLUMNS_MAX 16
#define SHOWN_MAX   60 /* bytes of foreign text in a message */
#define WRITTEN_BY  "the file must be what `lockstep progress export` wrote"

/* Where in the file: "learners[0].answers[3].tries". */
struct place {
    size_t learner;
    const char *list; /* NULL: the learner itself */
    size_t row;
};

struct import {
    struct store *s;
    struct err *e;
    struct store_imported done;
    struct place at;
};

/* A bit of the file for a message: control characters made visible, cut where it gets long. */
static void shown(const char *text, char out[SHOWN_MAX + 8])
{
    struct buf b = {0};
    buf_visible(&b, text, strlen(text));
    snprintf(out, SHOWN_MAX + 8, "%.*s%s", SHOWN_MAX, b.data ? b.data : "",
             b.len > SHOWN_MAX ? "..." : "");
    buf_fini(&b);
}

static int bad(const struct import *im, const char *field, const char *what)
{
    const struct place *at = &im->at;
    char row[96] = "", name[SHOWN_MAX + 8];
    if (at->list)
        snprintf(row, sizeof row, ".%s[%zu]", at->list, at->row);
    shown(field, name);
    return err_set(im->e, ERR_DATA, "learners[%zu]%s%s%s: %s; nothing was imported", at->learner,
                   row, *field ? "." : "", name, what);
}

/* ---- checking a value ---- */

static int number_value(const struct import *im, const struct column *c, const json_t *v,
                        struct value *out)
{
    char what[128];
    snprintf(what, sizeof what, "must be a whole number from %lld to %lld", (long long)c->least,
             (long long)c->most);
    if (!json_is_integer(v) || json_integer_value(v) < c->least || json_integer_value(v) > c->most)
        return bad(im, c->name, what);
    *out = NUMBER(json_integer_value(v));
    return 0;
}

static int text_value(const struct import *im, const struct column *c, const json_t *v,
                      struct value *out)
{
    if (!json_is_string(v))
        return bad(im, c->name, "must be a text");
    const char *text = json_string_value(v);
    struct err why;
    int rc = c->kind == COLUMN_ID ? store_check_id("this", text, &why)
                                  : store_check_text("this", text, &why);
    if (rc < 0)
        return bad(im, c->name, why.message + strlen("this: "));
    *out = TEXT(text);
    return 0;
}

/* The first word of the statuses, "new", is the absence of a row. */
static int word_value(const struct import *im, const struct column *c, const json_t *v,
                      struct value *out)
{
    int i = store_word_index(c->words, c->nwords, json_string_value(v));
    if (i < c->least)
        return bad(im, c->name, "is none of the words that can stand here");
    *out = TEXT(c->words[i]);
    return 0;
}

static int column_value(const struct import *im, const struct column *c, const json_t *v,
                        struct value *out)
{
    if (!v)
        return bad(im, c->name, "is missing");
    switch (c->kind) {
    case COLUMN_ID:
    case COLUMN_TEXT:
        return text_value(im, c, v, out);
    case COLUMN_INT:
    case COLUMN_COUNT:
        return number_value(im, c, v, out);
    case COLUMN_WORD:
        return word_value(im, c, v, out);
    case COLUMN_BOOL:
        if (!json_is_boolean(v))
            return bad(im, c->name, "must be true or false");
        *out = NUMBER(json_is_true(v));
        return 0;
    }
    return bad(im, c->name, "cannot be read");
}

/* ---- rows ---- */

static const struct column *find_column(const struct table *t, const char *name)
{
    for (int i = 0; i < t->ncolumns; i++)
        if (store_column_exported(&t->columns[i]) && strcmp(t->columns[i].name, name) == 0)
            return &t->columns[i];
    return NULL;
}

/* Values of the exported columns, from values[1] on. The number of all values, or an error. */
static int row_values(const struct import *im, const struct table *t, json_t *row,
                      struct value values[COLUMNS_MAX])
{
    const char *key;
    json_t *v;
    if (!json_is_object(row))
        return bad(im, "", "must be an object in braces");
    json_object_foreach (row, key, v) {
        if (!find_column(t, key))
            return bad(im, key, "is not a field of lockstep.progress/1");
    }
    int n = 1;
    for (int i = 0; i < t->ncolumns; i++) {
        const struct column *c = &t->columns[i];
        if (!store_column_exported(c))
            continue;
        int rc = column_value(im, c, json_object_get(row, c->name), &values[n++]);
        if (rc < 0)
            return rc;
    }
    return n;
}

/* What the tables refuse (a section of no lesson, say) is the file's fault, not the store's. */
static int merge_row(struct import *im, const struct table *t, const struct value *values, int n)
{
    struct err why;
    int rc = store_db_run(im->s, t->merge, values, n, &why);
    if (rc == -ERR_NOT_FOUND)
        return bad(im, "", "belongs to a lesson that is not among this learner's lessons");
    if (rc == -ERR_CREATE || rc == -ERR_DATA)
        return bad(im, "", why.message);
    if (rc < 0)
        return err_set(im->e, (enum err_code) - rc, "%s", why.message);
    im->done.rows++;
    im->done.changed += store_db_changes(im->s);
    return 0;
}

static int merge_table(struct import *im, const struct table *t, json_t *rows, int64_t learner)
{
    struct value values[COLUMNS_MAX] = {NUMBER(learner)};
    if (!json_is_array(rows)) {
        im->at.list = NULL;
        return bad(im, t->json, rows ? "must be a list in brackets" : "is missing");
    }
    im->at.list = t->json;
    for (im->at.row = 0; im->at.row < json_array_size(rows); im->at.row++) {
        int n = row_values(im, t, json_array_get(rows, im->at.row), values);
        int rc = n < 0 ? n : merge_row(im, t, values, n);
        if (rc < 0)
            return rc;
    }
    im->at.list = NULL;
    return 0;
}

/* ---- learners ---- */

static int known_key(const char *key)
{
    for (int i = 0; store_tables[i]; i++)
        if (strcmp(store_tables[i]->json, key) == 0)
            return 1;
    return strcmp(key, "name") == 0 || strcmp(key, "created_ms") == 0;
}

/* The learner's number goes to *id; made if there is none of that name. */
static int merge_learner_row(struct import *im, json_t *learner, int64_t *id)
{
    static const struct column created = {
        .name = "created_ms", .kind = COLUMN_COUNT, .most = 253402300799999};
    struct value created_ms;
    struct err why;
    const char *name = json_string_value(json_object_get(learner, "name"));
    if (!name)
        return bad(im, "name", "must be a text");
    if (store_check_learner_name(name, &why) < 0)
        return bad(im, "name", strchr(why.message, ':') + 2);
    int rc = column_value(im, &created, json_object_get(learner, "created_ms"), &created_ms);
    if (rc == 0)
        rc = store_db_run(im->s,
                          "INSERT INTO learner (name, created_ms) VALUES (?1, ?2)"
                          " ON CONFLICT DO UPDATE SET created_ms = excluded.created_ms"
                          " WHERE excluded.created_ms < learner.created_ms",
                          VALUES(TEXT(name), created_ms), im->e);
    if (rc == 0)
        rc = store_db_number(im->s, "SELECT id FROM learner WHERE name = ?1", VALUES(TEXT(name)),
                             id, im->e);
    return rc < 0 ? rc : 0;
}

/* Imported lessons take their place among the visits by their time. */
static int order_visits(struct import *im, int64_t learner)
{
    return store_db_run(im->s,
                        "UPDATE lesson SET visit = n FROM (SELECT lesson AS l, row_number() OVER"
                        " (ORDER BY updated_ms, visit, lesson) AS n FROM lesson WHERE learner = ?1)"
                        " WHERE learner = ?1 AND lesson = l",
                        VALUES(NUMBER(learner)), im->e);
}

static int merge_learner(struct import *im, json_t *learner)
{
    const char *key;
    json_t *v;
    int64_t id = 0;
    if (!json_is_object(learner))
        return bad(im, "", "must be an object in braces");
    json_object_foreach (learner, key, v) {
        if (!known_key(key))
            return bad(im, key, "is not a field of lockstep.progress/1");
    }
    int before = im->done.changed, rc = merge_learner_row(im, learner, &id);
    for (int i = 0; store_tables[i] && rc == 0; i++)
        rc = merge_table(im, store_tables[i], json_object_get(learner, store_tables[i]->json), id);
    if (rc == 0 && im->done.changed > before)
        rc = order_visits(im, id);
    im->done.learners++;
    return rc;
}

/* ---- the file ---- */

static int check_schema(json_t *root, struct err *e)
{
    const char *schema = json_string_value(json_object_get(root, "schema"));
    char name[SHOWN_MAX + 8];
    if (!schema)
        return err_set(e, ERR_DATA, "schema: is missing; " WRITTEN_BY);
    if (strcmp(schema, "lockstep.progress/1") == 0)
        return 0;
    shown(schema, name);
    if (strcmp(schema, "lockstep.overview/1") == 0)
        return err_set(e, ERR_DATA,
                       "schema: this is an overview, which cannot be imported; " WRITTEN_BY);
    if (strncmp(schema, "lockstep.progress/", 18) == 0)
        return err_set(e, ERR_DATA,
                       "schema: %s was written by another version of lockstep; this "
                       "one reads lockstep.progress/1",
                       name);
    return err_set(e, ERR_DATA, "schema: is \"%s\"; " WRITTEN_BY, name);
}

static int check_root(json_t *root, struct err *e)
{
    const char *key;
    json_t *v;
    char name[SHOWN_MAX + 8];
    int rc = check_schema(root, e);
    if (rc < 0)
        return rc;
    json_object_foreach (root, key, v) {
        if (strcmp(key, "schema") == 0 || strcmp(key, "learners") == 0)
            continue;
        shown(key, name);
        return err_set(e, ERR_DATA, "%s: is not a field of lockstep.progress/1", name);
    }
    if (!json_is_array(json_object_get(root, "learners")))
        return err_set(e, ERR_DATA, "learners: must be a list in brackets; " WRITTEN_BY);
    return 0;
}

static int merge_root(struct import *im, json_t *root)
{
    json_t *learners = json_object_get(root, "learners");
    int rc = store_save_begin(im->s, im->e);
    if (rc < 0)
        return rc;
    size_t n = json_array_size(learners);
    for (im->at.learner = 0; im->at.learner < n && rc == 0; im->at.learner++)
        rc = merge_learner(im, json_array_get(learners, im->at.learner));
    return store_save_end(im->s, rc, im->e);
}

int store_import_json(struct store *s, const char *text, size_t nbytes, struct store_imported *done,
                      struct err *e)
{
    struct import im = {.s = s, .e = e};
    json_error_t error;
    if (nbytes > IMPORT_MAX)
        return err_set(e, ERR_DATA, "the file is longer than %d MB; " WRITTEN_BY, IMPORT_MAX >> 20);
    json_t *root = json_loadb(text, nbytes, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        char why[SHOWN_MAX + 8];
        shown(error.text, why);
        return err_set(e, ERR_DATA, "line %d, column %d: %s; " WRITTEN_BY, error.line, error.column,
                       why);
    }
    int rc =
        json_is_object(root)
            ? check_root(root, e)
            : err_set(e, ERR_DATA, "line 1, column 1: must be an object in braces; " WRITTEN_BY);
    if (rc == 0)
        rc = merge_root(&im, root);
    json_decref(root);
    if (rc == 0 && done)
        *done = im.done;
    return rc;
}
