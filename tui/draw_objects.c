/* Panel of the step screen: locks, queues, pipes, and who waits at them. */
#include "step_internal.h"

#include "explain.h"

#include <stdio.h>
#include <string.h>

/* -------- what an object is doing -------- */

static int is_held(const struct world_object *o)
{
    return o->owner != NO_TASK;
}

void object_words(struct step *s, const struct world_object *o, char *out, size_t n)
{
    long long count = (long long)o->count;
    char who[16];
    task_number(s, o->owner, who, sizeof who);
    switch (o->class) {
    case OBJ_MUTEX:
    case OBJ_SPIN:
        if (!is_held(o))
            snprintf(out, n, "%s", C_("a lock", "free"));
        else if (count > 1)
            snprintf(out, n, _("held by %s, %lld times, since step %u"), who, count,
                     o->owner_since);
        else
            snprintf(out, n, _("held by %s since step %u"), who, o->owner_since);
        break;
    case OBJ_RWLOCK:
        if (is_held(o))
            snprintf(out, n, _("written by %s since step %u"), who, o->owner_since);
        else
            snprintf(out, n, count ? _("%lld reading") : C_("a lock", "free"), count);
        break;
    case OBJ_COND:
        snprintf(out, n, count ? _("%lld asleep in it") : _("nobody waits"), count);
        break;
    case OBJ_SEM:
        snprintf(out, n, _("value %lld"), count);
        break;
    case OBJ_BARRIER:
        snprintf(out, n, _("%lld of %lld there"), count, (long long)o->limit);
        break;
    case OBJ_ONCE:
        snprintf(out, n, "%s", count ? _("done") : _("not done yet"));
        break;
    case OBJ_PIPE:
    case OBJ_SOCKET:
        if (o->limit)
            snprintf(out, n,
                     count >= o->limit ? _("full, %lld of %lld bytes") : _("%lld of %lld bytes"),
                     count, (long long)o->limit);
        else
            snprintf(out, n,
                     count ? ngettext("%lld byte in it", "%lld bytes in it", (unsigned long)count)
                           : _("empty"),
                     count);
        break;
    case OBJ_QUEUE:
        snprintf(out, n,
                 count ? ngettext("%lld message", "%lld messages", (unsigned long)count)
                       : _("empty"),
                 count);
        break;
    default:
        out[0] = 0;
    }
}

/* -------- locks and queues -------- */

static int waits_at(const struct world_task *t, uint64_t addr)
{
    return t->asleep_in == addr ||
           (t->blocked_addr == addr && (t->state == TASK_BLOCKED || t->state == TASK_DEADLOCKED));
}

/* Who waits, who came first first. */
static void draw_waiters(struct step *s, uint64_t addr, struct canvas *c, int x, int y)
{
    const struct world *w = step_world(s);
    char who[16];
    uint32_t after = 0; /* waits that began before this step are told */
    int first = 1;
    for (;;) {
        uint32_t next = UINT32_MAX;
        for (uint32_t i = 0; i < w->ntasks; i++)
            if (waits_at(&w->tasks[i], addr) && w->tasks[i].blocked_since >= after &&
                w->tasks[i].blocked_since < next)
                next = w->tasks[i].blocked_since;
        if (next == UINT32_MAX || x >= c->clip.x + c->clip.w)
            return;
        for (uint32_t i = 0; i < w->ntasks; i++) {
            if (!waits_at(&w->tasks[i], addr) || w->tasks[i].blocked_since != next)
                continue;
            x += canvas_text(c, x, y, ROLE_BLOCKED, first ? _("waits: ") : " ");
            task_number(s, i, who, sizeof who);
            x += canvas_text(c, x, y, ROLE_BLOCKED, who);
            first = 0;
        }
        after = next + 1;
    }
}

static int has_waiters(const struct world *w, uint64_t addr)
{
    for (uint32_t i = 0; i < w->ntasks; i++)
        if (waits_at(&w->tasks[i], addr))
            return 1;
    return 0;
}

/* -------- what is in a pipe -------- */

enum { CONTENT_STEPS = 2000, CONTENT_PIECES = 64, CONTENT_BYTES = 48 };

/* The bytes in a pipe, as far as the writes of the last steps tell them: what was written last,
 * less what was read before it. */
static void pipe_content(struct step *s, const struct world_object *o, struct buf *out)
{
    const struct event *piece[CONTENT_PIECES];
    uint64_t want = (uint64_t)o->count, have = 0;
    int n = 0;
    uint32_t oldest = s->cursor > CONTENT_STEPS ? s->cursor - CONTENT_STEPS : 1;
    for (uint32_t step = s->cursor; step >= oldest && have < want && n < CONTENT_PIECES; step--) {
        const struct event *e = trace_step(s->trace, step);
        if (e->kind != EV_FD_WRITE || e->addr != o->addr || e->result != 0)
            continue;
        piece[n++] = e;
        have += e->size;
    }
    if (have < want)
        return;
    uint64_t skip = have - want;
    while (n-- > 0 && out->len < CONTENT_BYTES) {
        uint64_t from = skip < piece[n]->size ? skip : piece[n]->size;
        skip -= from;
        if (piece[n]->ntext > from)
            buf_visible(out, trace_text(s->trace, piece[n]) + from, piece[n]->ntext - (size_t)from);
        if (piece[n]->ntext < piece[n]->size) /* the rest of it was not noted */
            return;
    }
}

/* A row with it, where it is known; returns how many rows. */
static int draw_content(struct step *s, const struct world_object *o, struct canvas *c,
                        struct rect r, int row)
{
    struct buf content = {0};
    if (o->class == OBJ_PIPE && o->count > 0)
        pipe_content(s, o, &content);
    int known = content.len > 0, y = r.y + row;
    if (known && row >= 0 && row < r.h) {
        int x = r.x + 3 + canvas_text(c, r.x + 3, y, ROLE_DIM, _("in it: "));
        canvas_fit(c, x, y, r.x + r.w - x, ROLE_CODE_STRING, content.data);
    }
    buf_fini(&content);
    return known;
}

/* "reads P0:3 P1:3  writes P1:4": who has which end open, and as which descriptor. */
static void draw_ends(struct step *s, const struct world_object *o, struct canvas *c, int x, int y)
{
    const struct world *w = step_world(s);
    static const char *const words[] = {N_("reads:"), N_("writes:")};
    for (int writing = 0; writing < 2; writing++) {
        x += canvas_text(c, x, y, ROLE_DIM, _(words[writing]));
        int n = 0;
        for (uint32_t i = 0; i < w->nfds; i++) {
            const struct world_fd *fd = &w->fds[i];
            if (fd->addr != o->addr || !(writing ? fd->writes : fd->reads))
                continue;
            n++;
            if (w->nprocesses > 1)
                x += canvas_printf(c, x, y, ROLE_TEXT, " P%u:%d", fd->process, fd->number);
            else
                x += canvas_printf(c, x, y, ROLE_TEXT, " %d", fd->number);
        }
        x += canvas_text(c, x, y, ROLE_BAD, n ? "" : _(" nobody")) + 2;
    }
}

static void draw_object(struct step *s, const struct world_object *o, struct canvas *c,
                        struct rect r, int y)
{
    char name[64], state[64];
    object_name(s, o->addr, 0, name, sizeof name);
    object_words(s, o, state, sizeof state);
    int x = r.x + 1 + canvas_fit(c, r.x + 1, y, r.w > 50 ? 24 : 16, ROLE_STRONG, name);
    x += 2 + canvas_text(c, x + 1, y, ROLE_DIM, object_class_name(o->class));
    canvas_fit(c, x + 1, y, r.x + r.w - x - 1, is_held(o) ? ROLE_NOTE : ROLE_TEXT, state);
}

/* Its rows, the first at `row` of the panel: itself, its ends, who waits. Returns how many. */
static int object_rows(struct step *s, const struct world_object *o, struct canvas *c,
                       struct rect r, int row)
{
    int rows = 0;
#define SHOWN() (row + rows >= 0 && row + rows < r.h)
    if (SHOWN())
        draw_object(s, o, c, r, r.y + row);
    rows++;
    if (object_is_channel(o->class)) {
        if (SHOWN())
            draw_ends(s, o, c, r.x + 3, r.y + row + rows);
        rows++;
    }
    rows += draw_content(s, o, c, r, row + rows);
    if (has_waiters(step_world(s), o->addr)) {
        if (SHOWN())
            draw_waiters(s, o->addr, c, r.x + 3, r.y + row + rows);
        rows++;
    }
#undef SHOWN
    return rows;
}

void draw_objects(struct step *s, struct canvas *c, struct rect r)
{
    const struct world *w = step_world(s);
    int row = -s->scroll[PANEL_OBJECTS], shown = 0;
    for (uint32_t i = 0; i < w->nobjects; i++) {
        const struct world_object *o = &w->objects[i];
        if (o->class == OBJ_PLACE || o->class == OBJ_NONE || o->destroyed)
            continue;
        row += object_rows(s, o, c, r, row);
        shown++;
    }
    if (!shown)
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(no lock, semaphore or pipe used yet)"));
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_OBJECTS]);
    panel_head(c, s->layout.at[PANEL_OBJECTS], panel_title(PANEL_OBJECTS), NULL,
               s->focus == PANEL_OBJECTS);
    c->clip = clip;
}
