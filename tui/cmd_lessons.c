/* lockstep lessons: the catalogue. lockstep progress and learn read the same. */
#include "canvas.h"
#include "cmd.h"

#include "lesson.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

/* The stored status of a lesson, "new" if there is none. */
static const char *status_of(struct store *s, const char *id)
{
    struct store_lesson *row = NULL;
    int found = store_place_get(s, id, &row, NULL);
    const char *word = store_status_word(found > 0 ? (enum store_status)row->status : STORE_NEW);
    free(row);
    return word;
}

static void json_field(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, "\"%s\":", name);
    buf_json(out, value, strlen(value));
    buf_puts(out, ",");
}

static void lessons_json(const struct catalogue *c, struct store *s, struct buf *out)
{
    buf_puts(out, "{\"schema\":\"lockstep.lessons/1\",\"lessons\":[");
    for (size_t i = 0; i < c->nlessons; i++) {
        const struct lesson *l = c->lessons[i];
        buf_puts(out, i ? ",{" : "{");
        json_field(out, "id", l->id);
        json_field(out, "title", l->title);
        json_field(out, "unit", l->unit);
        json_field(out, "level", lesson_level_word(l->level));
        buf_printf(out, "\"minutes\":%d,\"status\":\"%s\"}", l->minutes, status_of(s, l->id));
    }
    buf_puts(out, "]}\n");
}

static void lessons_text(const struct catalogue *c, struct store *s, struct buf *out)
{
    for (size_t u = 0; u < c->nunits; u++) {
        const struct lesson_unit *unit = &c->units[u];
        buf_printf(out, "%s%s\n", u ? "\n" : "", unit->title);
        for (size_t i = unit->first; i < unit->first + unit->n; i++) {
            const struct lesson *l = c->lessons[i];
            buf_printf(out, "  %-26s ", l->id);
            utf8_pad(out, _(status_of(s, l->id)), -7);
            buf_puts(out, " ");
            utf8_pad(out, _(lesson_level_word(l->level)), -4);
            buf_printf(out, _(" %3d min  %s\n"), l->minutes, l->title);
        }
    }
    if (c->nlessons == 0)
        buf_puts(out, _("There are no lessons.\n"));
}

int cmd_lessons(const struct options *o)
{
    struct catalogue c;
    struct err e = {0};
    if (open_catalogue(&c, NULL, &e) < 0)
        return cmd_fail(o, &e);
    struct store *s = open_store();
    struct buf out = {0};
    (o->json ? lessons_json : lessons_text)(&c, s, &out);
    out_buf(&out);
    buf_fini(&out);
    store_close(s);
    catalogue_fini(&c);
    return 0;
}
