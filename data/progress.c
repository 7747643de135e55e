/* The overview: the catalogue's lessons, each with what the store knows of it. */
#include "progress.h"
#include "store_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What is stored about one lesson. */
struct tally {
    const char *lesson;
    int status, section;
    int questions, right_first; /* answered; right at the first answer */
    int attempts, passed;       /* passed: challenges, not attempts */
    int64_t updated_ms;         /* 0: unknown */
};

struct overview {
    struct store *s;
    const struct progress_lesson *lessons;
    int nlessons;
    struct tally *tallies;
    int ntallies;
    struct store_lesson *last; /* NULL: nothing begun */
    struct progress rows;
    int width_cols, ascii;
    int count[STORE_NSTATUS];
    int minutes, minutes_done, questions, right_first, gone;
};

static const char *const status_words[STORE_NSTATUS] = {N_("new"), N_("begun"), N_("done"),
                                                        N_("skipped")};

#define MINE(t) " FROM " t " WHERE learner = ?1"
#define EACH(m, k, sql)                                                                            \
    {                                                                                              \
        .name = #m, .kind = k, .offset = offsetof(struct tally, m), .expression = sql              \
    }
static const struct column tally_columns[] = {
    EACH(lesson, COLUMN_ID, "which"),
    {.name = "status",
     .kind = COLUMN_WORD,
     .offset = offsetof(struct tally, status),
     .words = status_words,
     .nwords = STORE_NSTATUS,
     .expression = "coalesce(status, 'begun')"},
    EACH(section, COLUMN_INT, "coalesce(section, 0)"),
    EACH(questions, COLUMN_INT, "(SELECT count(*)" MINE("answer") " AND lesson = which)"),
    EACH(right_first, COLUMN_INT,
         "(SELECT sum(first_correct)" MINE("answer") " AND lesson = which)"),
    EACH(attempts, COLUMN_INT, "(SELECT count(*)" MINE("attempt") " AND lesson = which)"),
    EACH(passed, COLUMN_INT,
         "(SELECT count(DISTINCT challenge)" MINE("attempt") " AND lesson = which AND passed)"),
    EACH(updated_ms, COLUMN_COUNT, "coalesce(updated_ms, 0)"),
};
static const struct table tally_table = {
    .name = "(SELECT lesson AS which" MINE("lesson") " UNION SELECT lesson" MINE(
        "answer") " UNION SELECT lesson" MINE("attempt") ")",
    .size = sizeof(struct tally),
    .columns = tally_columns,
    .ncolumns = (int)(sizeof tally_columns / sizeof *tally_columns),
};

static const struct tally *find_tally(const struct overview *o, const char *id)
{
    static const struct tally nothing;
    for (int i = 0; i < o->ntallies; i++)
        if (strcmp(o->tallies[i].lesson, id) == 0)
            return &o->tallies[i];
    return &nothing;
}

static void sum_up(struct overview *o)
{
    int found = 0;
    for (int i = 0; i < o->nlessons; i++) {
        const struct tally *t = find_tally(o, o->lessons[i].id);
        found += t->lesson != NULL;
        o->count[t->status]++;
        o->minutes += o->lessons[i].minutes;
        o->minutes_done += t->status == STORE_DONE ? o->lessons[i].minutes : 0;
        o->questions += t->questions;
        o->right_first += t->right_first;
    }
    o->gone = o->ntallies - found;
}

/* ---- text ---- */

/* Columns a UTF-8 text takes: East Asian wide characters two, joined ones none, others one. */
static int char_cols(const unsigned char *p, int *nbytes)
{
    static const struct {
        uint32_t first, last;
        int cols;
    } special[] = {{0x300, 0x36f, 0},    {0x200b, 0x200f, 0}, {0x1100, 0x115f, 2},
                   {0x2e80, 0x303e, 2},  {0x3041, 0xa4cf, 2}, {0xac00, 0xd7a3, 2},
                   {0xf900, 0xfaff, 2},  {0xfe00, 0xfe0f, 0}, {0xfe30, 0xfe6f, 2},
                   {0xff00, 0xff60, 2},  {0xffe0, 0xffe6, 2}, {0x1f300, 0x1faff, 2},
                   {0x20000, 0x3fffd, 2}};
    uint32_t c = *p < 0x80 ? *p : *p & (*p >= 0xf0 ? 0x07 : *p >= 0xe0 ? 0x0f : 0x1f);
    int n = 1;
    while (*p >= 0xc0 && (p[n] & 0xc0) == 0x80 && n < 4)
        c = c << 6 | (p[n++] & 0x3f);
    *nbytes = n;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (c >= special[i].first && c <= special[i].last)
            return special[i].cols;
    return 1;
}

static int text_cols(const char *text)
{
    int cols = 0, n;
    for (; *text; text += n)
        cols += char_cols((const unsigned char *)text, &n);
    return cols;
}

/* The text in exactly `cols` columns: filled with blanks, or cut with an ellipsis. */
static void put_cell(const struct overview *o, struct buf *out, const char *text, int cols)
{
    const char *dots = o->ascii ? "..." : "…";
    int room = cols, n, cut = text_cols(text) > cols;
    int keep = !cut ? cols : cols > 3 ? cols - (o->ascii ? 3 : 1) : cols;
    while (*text) {
        int c = char_cols((const unsigned char *)text, &n);
        if (cols - room + c > keep)
            break;
        buf_add(out, text, (size_t)n);
        text += n;
        room -= c;
    }
    if (cut && cols > 3) {
        buf_puts(out, dots);
        room -= o->ascii ? 3 : 1;
    }
    for (; room > 0; room--)
        buf_puts(out, " ");
}

/* The widths of a line of the table; what is left over goes to the title. */
#define STATUS_COLS 7
#define LEVEL_COLS  4
#define RIGHT_COLS  7
#define FIXED_COLS  (4 + STATUS_COLS + 2 + 2 + 2 + LEVEL_COLS + 2 + 7 + 2 + RIGHT_COLS)

static int id_cols(const struct overview *o)
{
    int most = 0, room = (o->width_cols - FIXED_COLS) * 3 / 5;
    for (int i = 0; i < o->nlessons; i++) {
        int cols = text_cols(o->lessons[i].id);
        most = cols > most ? cols : most;
    }
    return most < room ? most : room > 8 ? room : 8;
}

static void trim_line(struct buf *out)
{
    while (out->len && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    buf_puts(out, "\n");
}

static void put_line(const struct overview *o, struct buf *out, const struct progress_lesson *l)
{
    static const char *const glyphs[][STORE_NSTATUS] = {{"·", "░", "■", "-"}, {".", ":", "#", "-"}};
    const struct tally *t = find_tally(o, l->id);
    int id = id_cols(o), title = o->width_cols - FIXED_COLS - id;
    char right[32] = "";
    if (t->questions)
        snprintf(right, sizeof right, "%d/%d", t->right_first, t->questions);
    buf_printf(out, "  %s ", glyphs[o->ascii != 0][t->status]);
    put_cell(o, out, _(status_words[t->status]), STATUS_COLS + 2);
    put_cell(o, out, l->id, id);
    buf_puts(out, "  ");
    put_cell(o, out, l->title, title > 8 ? title : 8);
    buf_puts(out, "  ");
    put_cell(o, out, *l->level ? _(l->level) : "", LEVEL_COLS);
    buf_printf(out, "  %3d min  ", l->minutes);
    put_cell(o, out, right, RIGHT_COLS);
    trim_line(out);
}

static void put_summary(const struct overview *o, struct buf *out)
{
    buf_puts(out, "\n");
    buf_printf(out, _("%d of %d lessons done, %d begun, %d skipped; %d of %d minutes.\n"),
               o->count[STORE_DONE], o->nlessons, o->count[STORE_BEGUN], o->count[STORE_SKIPPED],
               o->minutes_done, o->minutes);
    if (o->questions)
        buf_printf(out, _("%d of %d questions right at the first answer (the last column).\n"),
                   o->right_first, o->questions);
    if (o->gone)
        buf_printf(out,
                   ngettext("%d more in the store that the catalogue does not have.\n",
                            "%d more in the store that the catalogue does not have.\n",
                            (unsigned long)o->gone),
                   o->gone);
    if (o->last)
        buf_printf(out, _("You left off in %s, section %d: lockstep learn %s\n"), o->last->lesson,
                   o->last->section + 1, o->last->lesson);
}

static void put_repeat(const struct progress_repeat *r, struct buf *out)
{
    switch (r->why) {
    case REPEAT_NOT_PASSED:
        buf_printf(out, _("  %s: the challenge %s is not passed\n"), r->lesson, r->what);
        return;
    case REPEAT_STILL_WRONG:
        buf_printf(out, _("  %s: question %s is answered wrong\n"), r->lesson, r->what);
        return;
    case REPEAT_WRONG_FIRST:
        buf_printf(out, _("  %s: question %s was wrong at first\n"), r->lesson, r->what);
        return;
    default:
        buf_printf(out, _("  %s: done, but long ago\n"), r->lesson);
    }
}

static void put_repeats(const struct progress *p, struct buf *out)
{
    if (p->nrepeats)
        buf_puts(out, _("\nWorth doing again:\n"));
    for (int i = 0; i < p->nrepeats; i++)
        put_repeat(&p->repeats[i], out);
}

static void render_text(const struct overview *o, struct buf *out)
{
    const char *unit = NULL, *learner = store_learner(o->s);
    if (*learner)
        buf_printf(out, _("Progress of %s\n"), learner);
    for (int i = 0; i < o->nlessons; i++) {
        const struct progress_lesson *l = &o->lessons[i];
        if (!unit || strcmp(unit, l->unit) != 0)
            buf_printf(out, "\n%s\n", l->unit);
        unit = l->unit;
        put_line(o, out, l);
    }
    put_summary(o, out);
    put_repeats(&o->rows, out);
}

/* ---- JSON ---- */

static void json_text(struct buf *out, const char *key, const char *text)
{
    buf_printf(out, "\"%s\":", key);
    buf_json(out, text, strlen(text));
}

static void json_lesson(struct buf *out, const struct progress_lesson *l, const struct tally *t)
{
    json_text(out, "id", l->id);
    buf_puts(out, ",");
    json_text(out, "title", l->title);
    buf_puts(out, ",");
    json_text(out, "unit", l->unit);
    buf_puts(out, ",");
    json_text(out, "level", l->level);
    buf_printf(out, ",\"minutes\":%d,\"status\":\"%s\",\"section\":%d", l->minutes,
               status_words[t->status], t->section);
    buf_printf(out, ",\"questions\":%d,\"right_first\":%d,\"attempts\":%d,\"passed\":%d",
               t->questions, t->right_first, t->attempts, t->passed);
    if (t->updated_ms)
        buf_printf(out, ",\"updated_ms\":%lld}", (long long)t->updated_ms);
    else
        buf_puts(out, ",\"updated_ms\":null}");
}

static void render_json(const struct overview *o, struct buf *out)
{
    buf_puts(out, "{\"schema\":\"lockstep.overview/1\",");
    json_text(out, "learner", store_learner(o->s));
    buf_puts(out, ",\"last\":");
    if (o->last) {
        buf_puts(out, "{");
        json_text(out, "lesson", o->last->lesson);
        buf_printf(out, ",\"section\":%d}", o->last->section);
    } else {
        buf_puts(out, "null");
    }
    buf_printf(out,
               ",\"summary\":{\"lessons\":%d,\"new\":%d,\"begun\":%d,\"done\":%d,\"skipped\":%d,"
               "\"minutes\":%d,\"minutes_done\":%d,\"questions\":%d,\"right_first\":%d,"
               "\"not_in_catalogue\":%d},\"lessons\":[",
               o->nlessons, o->count[STORE_NEW], o->count[STORE_BEGUN], o->count[STORE_DONE],
               o->count[STORE_SKIPPED], o->minutes, o->minutes_done, o->questions, o->right_first,
               o->gone);
    for (int i = 0; i < o->nlessons; i++) {
        buf_puts(out, i ? ",\n{" : "\n{");
        json_lesson(out, &o->lessons[i], find_tally(o, o->lessons[i].id));
    }
    buf_puts(out, "]}\n");
}

/* ---- CSV ---- */

static void csv_time(struct buf *out, int64_t ms)
{
    char text[40] = "";
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    if (ms && gmtime_r(&seconds, &tm))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    buf_puts(out, text);
}

static void render_csv(const struct overview *o, struct buf *out)
{
    buf_puts(out, "id,title,unit,level,minutes,status,section,questions,right_first,attempts,"
                  "passed,updated\r\n");
    for (int i = 0; i < o->nlessons; i++) {
        const struct progress_lesson *l = &o->lessons[i];
        const struct tally *t = find_tally(o, l->id);
        const char *const texts[] = {l->id, l->title, l->unit, l->level};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            store_csv_cell(out, texts[k]);
            buf_puts(out, ",");
        }
        buf_printf(out, "%d,%s,%d,%d,%d,%d,%d,", l->minutes, status_words[t->status], t->section,
                   t->questions, t->right_first, t->attempts, t->passed);
        csv_time(out, t->updated_ms);
        buf_puts(out, "\r\n");
    }
}

int progress_render(struct store *s, const struct progress_lesson *lessons, int nlessons,
                    enum progress_format format, int width_cols, int ascii, struct buf *out,
                    struct err *e)
{
    static void (*const renderers[])(const struct overview *, struct buf *) = {
        [PROGRESS_TEXT] = render_text, [PROGRESS_JSON] = render_json, [PROGRESS_CSV] = render_csv};
    struct overview o = {.s = s,
                         .lessons = lessons,
                         .nlessons = nlessons,
                         .ascii = ascii,
                         .width_cols = width_cols > 0 ? width_cols : 80};
    int rc =
        store_table_read(s, &tally_table, "LEFT JOIN lesson ON learner = ?1 AND lesson = which",
                         VALUES(NUMBER(s->learner)), &o.tallies, e);
    o.ntallies = rc;
    if (rc >= 0)
        rc = store_place_last(s, &o.last, e);
    if (rc >= 0)
        rc = progress_read(&o.rows, s, lessons, nlessons, store_now_ms(s), e);
    if (rc >= 0) {
        sum_up(&o);
        renderers[format](&o, out);
    }
    progress_fini(&o.rows);
    free(o.tallies);
    free(o.last);
    return rc < 0 ? rc : 0;
}
