/* Panel of the live screen: locks, conditions, semaphores, pipes, and who waits at them. */
#include "live_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WIDE = 56, WAITERS = 8 };

void view_object_name(const struct live_view *v, uint32_t process, uint64_t addr, char *out,
                      size_t n)
{
    const struct live_model *m = view_model(v);
    const struct names *names = v->port.ops->names(v->port.ctx);
    uint32_t object = live_object_at(m, process, addr);
    char name[160];
    names->object(names->ctx, addr, 0, name, sizeof name);
    if (m->nprocesses > 1 && process < m->nprocesses && object < m->nobjects &&
        !m->objects[object].shared)
        snprintf(out, n, _("%s in P%d"), name, (int)m->processes[process].number);
    else
        snprintf(out, n, "%s", name);
}

/* -------- who -------- */

/* Who waits for it at the moment looked at, in the order in which they came when that is now. */
static uint32_t waiters(const struct live_view *v, uint32_t object, uint32_t *out, uint32_t max)
{
    const struct live_model *m = view_model(v);
    uint32_t n = 0;
    if (v->following)
        return live_waiting(m, object, out, max);
    for (uint32_t i = 0; i < m->ntasks; i++) {
        struct live_moment at = view_moment_of(v, i);
        if (!at.known || (at.state != TASK_BLOCKED && at.state != TASK_SLEEPING) || !at.addr ||
            live_object_at(m, m->tasks[i].process, at.addr) != object)
            continue;
        if (n < max)
            out[n] = i;
        n++;
    }
    return n;
}

/* Who holds it: known of the past only when somebody waited for that. */
static uint32_t holder(const struct live_view *v, uint32_t object)
{
    const struct live_model *m = view_model(v);
    uint32_t first;
    if (v->following)
        return m->objects[object].owner;
    return waiters(v, object, &first, 1) ? view_moment_of(v, first).by : LIVE_NONE;
}

static void add_names(const struct live_view *v, const uint32_t *tasks, uint32_t n, uint32_t all,
                      struct buf *out)
{
    for (uint32_t i = 0; i < n; i++) {
        buf_puts(out, i ? _(", ") : "");
        live_say_task_name(view_model(v), tasks[i], out);
    }
    if (all > n)
        buf_printf(out, _(" and %u more"), all - n);
}

/* -------- a row -------- */

static const char *class_word(enum object_class class, int wide)
{
    static const char *const few[] = {
        [OBJ_MUTEX] = N_("mutex"),  [OBJ_SPIN] = N_("spin"),     [OBJ_COND] = N_("cond"),
        [OBJ_SEM] = N_("sem"),      [OBJ_BARRIER] = N_("barr."), [OBJ_RWLOCK] = N_("rwlock"),
        [OBJ_ONCE] = N_("once"),    [OBJ_PIPE] = N_("pipe"),     [OBJ_SOCKET] = N_("socket"),
        [OBJ_EVENTFD] = N_("evfd"), [OBJ_CHANNEL] = N_("fd"),    [OBJ_QUEUE] = N_("queue"),
    };
    const char *word = (size_t) class < sizeof few / sizeof *few ? few[class] : NULL;
    return wide || !word ? object_class_name(class) : _(word);
}

/* "T1 has it", "value 3", "12 bytes in it"; "" when nothing is known. */
static void state_words(const struct live_view *v, uint32_t object, struct buf *out)
{
    const struct live_model *m = view_model(v);
    const struct live_object *o = &m->objects[object];
    uint32_t who = holder(v, object);
    if (who < m->ntasks) {
        struct buf name = {0};
        live_say_task_name(m, who, &name);
        if (v->following && o->nholding > 1)
            buf_printf(out, _("%s and %u more read"), buf_text(&name), o->nholding - 1);
        else
            buf_printf(out, v->following && o->reading ? _("%s reads") : _("%s has it"),
                       buf_text(&name));
        buf_fini(&name);
        return;
    }
    if (!v->following)
        return;
    if (o->class == OBJ_MUTEX || o->class == OBJ_SPIN || o->class == OBJ_RWLOCK)
        buf_puts(out, C_("a lock", "free"));
    else if (o->count >= 0 && o->class == OBJ_SEM)
        buf_printf(out, _("value %" PRId64), o->count);
    else if (o->count >= 0 && o->class == OBJ_BARRIER)
        buf_printf(out, _("%" PRId64 " there"), o->count);
    else if (o->count >= 0 && o->class == OBJ_QUEUE)
        buf_printf(out, _("%" PRId64 " messages"), o->count);
    else if (o->count >= 0 && object_is_channel(o->class))
        buf_printf(out, _("%" PRIu64 " bytes"), (uint64_t)o->count);
}

static void counts_words(const struct live_object *o, int wide, struct buf *out)
{
    char a[24], b[24], c[32];
    if (!o->operations)
        return;
    live_spell_count((double)o->operations, a, sizeof a);
    buf_printf(out, wide ? _("%s operations") : "%s", a);
    if (!o->contended)
        return;
    live_spell_count((double)o->contended, b, sizeof b);
    live_spell_ns(o->wait_ns, c, sizeof c);
    if (wide)
        buf_printf(out, _(", %s waited, %s"), b, c);
    else
        buf_printf(out, _(", %s waits"), b);
}

static void draw_object(struct live_view *v, struct canvas *c, struct rect r, int y,
                        uint32_t object)
{
    const struct live_object *o = &view_model(v)->objects[object];
    struct buf state = {0}, counts = {0};
    char name[64];
    int wname = r.w >= WIDE ? 18 : 11, wclass = r.w >= WIDE ? 15 : 6, x = r.x + 1;
    view_object_name(v, o->process, o->addr, name, sizeof name);
    canvas_fit(c, x, y, wname - 1, ROLE_STRONG, name);
    x += wname;
    canvas_fit(c, x, y, wclass, ROLE_DIM, class_word(o->class, r.w >= WIDE));
    x += wclass + 1;
    state_words(v, object, &state);
    counts_words(o, r.w >= WIDE, &counts);
    x += canvas_fit(c, x, y, r.x + r.w - x, ROLE_TEXT, state.data ? state.data : "") + 2;
    int ncounts = counts.data ? utf8_cols(counts.data, counts.len) : 0, room = r.x + r.w - x;
    if (ncounts <= room)
        canvas_text(c, r.x + r.w - ncounts, y, ROLE_DIM, counts.data ? counts.data : "");
    buf_fini(&state);
    buf_fini(&counts);
}

/* The object's rows, the first at `row` of the panel; how many there are. */
static int object_rows(struct live_view *v, struct canvas *c, struct rect r, int row,
                       uint32_t object)
{
    uint32_t who[WAITERS], all = waiters(v, object, who, WAITERS);
    if (row >= 0 && row < r.h)
        draw_object(v, c, r, r.y + row, object);
    if (!all)
        return 1;
    if (row + 1 >= 0 && row + 1 < r.h) {
        struct buf words = {0};
        add_names(v, who, all < WAITERS ? all : WAITERS, all, &words);
        int x = r.x + 3 + canvas_text(c, r.x + 3, r.y + row + 1, ROLE_BLOCKED, _("waits: "));
        canvas_fit(c, x, r.y + row + 1, r.x + r.w - x, ROLE_BLOCKED, words.data ? words.data : "");
        buf_fini(&words);
    }
    return 2;
}

void view_draw_objects(struct live_view *v, struct canvas *c, struct rect r)
{
    const struct live_model *m = view_model(v);
    int row = -v->scroll[VIEW_OBJECTS];
    char more[48] = "";
    view_sort_objects(v, v->ui->now);
    for (uint32_t i = 0; i < v->nobjects && row < r.h; i++)
        if (v->objects[i] < m->nobjects)
            row += object_rows(v, c, r, row, v->objects[i]);
    if (!v->nobjects)
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(no lock, semaphore or pipe used yet)"));
    if (row >= r.h && v->nobjects > 1)
        snprintf(more, sizeof more, _("%u in all"), v->nobjects);
    view_head(v, c, VIEW_OBJECTS, more);
}
