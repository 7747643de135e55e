/* The live screen: its actions and its time. */
#include "live_internal.h"

#include "recorder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    FRAME_MS = 33,         /* between two looks at the program */
    PAUSED_MS = 100,       /* the same while nothing of it is drawn: what it notes is kept */
    SLOWEST_MS = 250,      /* between two looks when they are dear */
    SHARE = 33,            /* thousandths of a processor that we may use */
    SAVED_NS = 150000000,  /* of our time that is saved up for when much happens at once */
    LOOK_MIN_NS = 300000,  /* for reading what the threads noted, a look */
    LOOK_MAX_NS = 2000000, /* so that a frame never takes long */
};

void view_say(struct live_view *v, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(v->message, sizeof v->message, _(format), ap);
    va_end(ap);
    v->message_style = style;
}

const struct live_model *view_model(const struct live_view *v)
{
    return v->port.ops->model(v->port.ctx);
}

uint32_t view_task(const struct live_view *v)
{
    return v->chosen == LIVE_NONE ? LIVE_NONE : live_task_number(view_model(v), v->chosen);
}

uint32_t view_process(const struct live_view *v)
{
    const struct live_model *m = view_model(v);
    uint32_t task = view_task(v);
    if (!v->on_process && task != LIVE_NONE)
        return m->tasks[task].process;
    for (uint32_t i = 0; i < m->nprocesses; i++)
        if (m->processes[i].number == v->chosen_process)
            return i;
    return LIVE_NONE;
}

uint64_t view_here(const struct live_view *v)
{
    return v->following ? view_model(v)->now : v->cursor;
}

void view_seek(struct live_view *v, uint64_t time)
{
    uint64_t now = view_model(v)->now, last = now > VIEW_MOMENT_NS ? now - VIEW_MOMENT_NS : 0;
    v->following = 0;
    v->cursor = time > last ? last : time;
    v->event.kind = EV_NONE;
}

/* -------- moving in time -------- */

static uint64_t column_of(const struct live_view *v)
{
    return live_scale_column(v->scale);
}

static void seek_by(struct live_view *v, int64_t columns)
{
    uint64_t here = view_here(v), by = column_of(v) * (uint64_t)(columns < 0 ? -columns : columns);
    if (columns < 0)
        view_seek(v, by > here ? 0 : here - by);
    else
        view_seek(v, here + by);
}

static void follow(struct live_view *v)
{
    v->following = 1;
    v->event.kind = EV_NONE;
}

static void act_live_pause(struct live_view *v, const struct input *in)
{
    (void)in;
    if (v->following)
        view_seek(v, view_here(v));
    else
        follow(v);
}

static void act_live_newest(struct live_view *v, const struct input *in)
{
    (void)in;
    follow(v);
}

static void act_live_earlier(struct live_view *v, const struct input *in)
{
    (void)in;
    seek_by(v, -1);
}

static void act_live_later(struct live_view *v, const struct input *in)
{
    (void)in;
    seek_by(v, 1);
}

static void act_live_first(struct live_view *v, const struct input *in)
{
    (void)in;
    view_seek(v, 0);
}

static void zoom_time(struct live_view *v, int by)
{
    int scale = v->scale + by;
    v->scale = scale < 0 ? 0 : scale >= LIVE_SCALES ? LIVE_SCALES - 1 : scale;
    v->scale_fixed = 1;
    /* What is looked at stays where it is on the screen, as far as that can be. */
    uint64_t before = (uint64_t)v->lane_cells.w * column_of(v) * (v->following ? 2 : 1) /
                      (v->following ? 3 : 2),
             here = view_here(v);
    v->from = here > before ? here - before : 0;
}

static void act_live_closer(struct live_view *v, const struct input *in)
{
    (void)in;
    zoom_time(v, -1);
}

static void act_live_wider(struct live_view *v, const struct input *in)
{
    (void)in;
    zoom_time(v, 1);
}

/* An event of the chosen thread before or after the moment looked at. */
static void to_event(struct live_view *v, int by)
{
    const struct live_model *m = view_model(v);
    uint32_t task = view_task(v);
    uint64_t here = v->following ? UINT64_MAX : v->cursor;
    size_t n, best = SIZE_MAX;
    const struct live_event *e = live_events(m, &n);
    for (size_t i = 0; i < n; i++) {
        if (e[i].task != task || e[i].number != v->chosen)
            continue;
        if (by > 0 && e[i].time > here && (best == SIZE_MAX || e[i].time < e[best].time))
            best = i;
        if (by < 0 && e[i].time < here && (best == SIZE_MAX || e[i].time >= e[best].time))
            best = i;
    }
    if (best == SIZE_MAX) {
        view_say(v, ROLE_DIM,
                 by > 0 ? N_("no later event of this thread is kept")
                        : N_("no earlier event of this thread is kept"));
        return;
    }
    struct live_event found = e[best];
    view_seek(v, found.time);
    v->event = found;
}

static void act_live_prev_event(struct live_view *v, const struct input *in)
{
    (void)in;
    to_event(v, -1);
}

static void act_live_next_event(struct live_view *v, const struct input *in)
{
    (void)in;
    to_event(v, 1);
}

/* -------- prompts -------- */

static void open_prompt(struct live_view *v, enum live_mode mode)
{
    edit_clear(&v->edit);
    v->mode = mode;
}

static void act_live_goto(struct live_view *v, const struct input *in)
{
    (void)in;
    open_prompt(v, VIEW_GOTO);
}

static void act_live_type(struct live_view *v, const struct input *in)
{
    (void)in;
    if (v->ended)
        view_say(v, ROLE_NOTE, "the program has ended: nobody reads any more");
    else
        open_prompt(v, VIEW_TYPING);
}

static void take_prompt(struct live_view *v)
{
    enum live_mode mode = v->mode;
    uint64_t to;
    v->mode = VIEW_NORMAL;
    if (mode == VIEW_TYPING) {
        struct buf line = {0};
        buf_printf(&line, "%s\n", v->edit.text);
        int rc = v->port.ops->type(v->port.ctx, line.data, line.len);
        if (rc < 0)
            view_say(v, ROLE_BAD, "the program does not take it: %s", err_text(rc));
        buf_fini(&line);
    } else if (v->edit.n) {
        if (live_parse_time(v->edit.text, view_here(v), &to) < 0)
            view_say(v, ROLE_BAD,
                     "\"%s\" is no time; as 1.5 (seconds), 200 ms, 30 us, +10 ms, -1 s",
                     v->edit.text);
        else
            view_seek(v, to);
    }
}

static void act_prompt_take(struct live_view *v, const struct input *in)
{
    (void)in;
    take_prompt(v);
}

static void act_close(struct live_view *v, const struct input *in)
{
    (void)in;
    v->mode = VIEW_NORMAL;
}

static void act_prompt_rub(struct live_view *v, const struct input *in)
{
    (void)in;
    edit_rub(&v->edit);
}

static void act_prompt_clear(struct live_view *v, const struct input *in)
{
    (void)in;
    edit_clear(&v->edit);
}

/* -------- speed and interventions -------- */

static void set_pace(struct live_view *v, int pace)
{
    const struct live_model *m = view_model(v);
    pace = pace < 0 ? 0 : pace >= VIEW_PACES ? VIEW_PACES - 1 : pace;
    if (pace && (!m->nprocesses || !m->processes[0].noted)) {
        view_say(v, ROLE_NOTE,
                 "this program cannot be slowed: what its threads do is not noted, see Words");
        return;
    }
    v->pace = pace;
    v->port.ops->pace(v->port.ctx, view_pace_value(pace));
    view_say(v, ROLE_NOTE,
             view_pace_value(pace) == PACE_STEP ? N_("speed: %s; n lets the next operation happen")
                                                : N_("speed: %s"),
             view_pace_word(pace));
}

static void act_live_slower(struct live_view *v, const struct input *in)
{
    (void)in;
    set_pace(v, v->pace + 1);
}

static void act_live_faster(struct live_view *v, const struct input *in)
{
    (void)in;
    set_pace(v, v->pace - 1);
}

static void act_live_next(struct live_view *v, const struct input *in)
{
    (void)in;
    if (view_pace_value(v->pace) != PACE_STEP)
        set_pace(v, VIEW_PACES - 1);
    else
        v->port.ops->step(v->port.ctx);
}

static void act_live_do(struct live_view *v, const struct input *in)
{
    (void)in;
    view_menu_open(v);
}

static void act_live_find(struct live_view *v, const struct input *in)
{
    (void)in;
    view_find(v);
}

static void act_live_moment(struct live_view *v, const struct input *in)
{
    (void)in;
    view_open_moment(v);
}

static void act_live_again(struct live_view *v, const struct input *in)
{
    (void)in;
    struct err e = {0};
    int rc = v->port.ops->again(v->port.ctx, &e);
    view_begin(v);
    if (rc < 0) {
        v->ended = 1;
        view_say(v, ROLE_BAD, "%s", e.message);
    } else if (v->pace)
        v->port.ops->pace(v->port.ctx, view_pace_value(v->pace));
    view_look_now(v);
}

/* -------- panels -------- */

static void next_panel(struct live_view *v, int by)
{
    int p = (int)v->focus;
    for (int i = 0; i < VIEW_PANELS; i++) {
        p = (p + by + VIEW_PANELS) % VIEW_PANELS;
        /* at 80x24 objects and variables share a place */
        if (v->layout.single || v->zoomed || v->layout.at[p].w || p == VIEW_VARIABLES ||
            p == VIEW_OBJECTS)
            break;
    }
    v->focus = (enum live_panel)p;
}

static void act_live_panel(struct live_view *v, const struct input *in)
{
    (void)in;
    next_panel(v, 1);
}

static void act_live_panel_back(struct live_view *v, const struct input *in)
{
    (void)in;
    next_panel(v, -1);
}

static void act_live_digit(struct live_view *v, const struct input *in)
{
    int p = in->key - '1';
    if (p >= 0 && p < VIEW_PANELS)
        v->focus = (enum live_panel)p;
}

static void act_live_zoom(struct live_view *v, const struct input *in)
{
    (void)in;
    v->zoomed = !v->zoomed;
}

/* -------- choosing -------- */

static void choose(struct live_view *v, const struct live_row *row)
{
    const struct live_model *m = view_model(v);
    v->on_process = row->task == LIVE_NONE;
    v->chosen_process = m->processes[row->process].number;
    if (!v->on_process)
        v->chosen = m->tasks[row->task].number;
    v->event.kind = EV_NONE;
}

static uint32_t at_row(const struct live_view *v, int in_lanes)
{
    uint32_t task = view_task(v);
    if (in_lanes)
        return live_rows_lane_of(&v->rows, task);
    if (v->on_process)
        return live_rows_tree_of_process(&v->rows, view_process(v));
    return live_rows_tree_of(&v->rows, view_model(v), task);
}

static void choose_by(struct live_view *v, int by, int in_lanes)
{
    uint32_t n = in_lanes ? v->rows.nlanes : v->rows.ntree;
    const struct live_row *rows = in_lanes ? v->rows.lanes : v->rows.tree;
    int64_t at = (int64_t)at_row(v, in_lanes) + by;
    if (n)
        choose(v, &rows[at < 0 ? 0 : at >= (int64_t)n ? n - 1 : (uint32_t)at]);
}

static void scroll(struct live_view *v, enum live_panel p, int by)
{
    if (p == VIEW_THREADS || p == VIEW_TIMELINE) {
        choose_by(v, by, p == VIEW_TIMELINE);
        return;
    }
    v->scroll[p] += by;
    if (v->scroll[p] < 0 && p != VIEW_OUTPUT) /* output counts from its end */
        v->scroll[p] = 0;
}

static void act_live_up(struct live_view *v, const struct input *in)
{
    (void)in;
    scroll(v, v->focus, -1);
}

static void act_live_down(struct live_view *v, const struct input *in)
{
    (void)in;
    scroll(v, v->focus, 1);
}

static void page(struct live_view *v, int by)
{
    int h = v->layout.at[v->focus].h;
    if (v->focus == VIEW_TIMELINE || v->focus == VIEW_WORDS)
        seek_by(v, by * (v->lane_cells.w > 8 ? v->lane_cells.w : 8));
    else
        scroll(v, v->focus, by * (h > 3 ? h - 3 : 1));
}

static void act_live_page_back(struct live_view *v, const struct input *in)
{
    (void)in;
    page(v, -1);
}

static void act_live_page_on(struct live_view *v, const struct input *in)
{
    (void)in;
    page(v, 1);
}

static void act_live_pin(struct live_view *v, const struct input *in)
{
    (void)in;
    for (int i = 0; i < v->npins; i++)
        if (v->pins[i] == v->chosen) {
            memmove(&v->pins[i], &v->pins[i + 1], (size_t)(--v->npins - i) * sizeof *v->pins);
            return;
        }
    if (v->npins == VIEW_PINS)
        view_say(v, ROLE_NOTE, "%d threads are pinned, that is enough; p lets one go", VIEW_PINS);
    else if (v->chosen != LIVE_NONE)
        v->pins[v->npins++] = v->chosen;
}

static void act_live_fold(struct live_view *v, const struct input *in)
{
    (void)in;
    v->fold = !v->fold;
    view_say(v, ROLE_NOTE,
             v->fold ? N_("threads that only wait, or have ended, are folded where room is short")
                     : N_("all threads are shown"));
}

/* -------- the mouse -------- */

static void click_lane(struct live_view *v, const struct input *in)
{
    struct rect r = v->lane_cells;
    if (in->y >= r.y && v->lane_spacing) {
        uint32_t lane = (uint32_t)(v->lane_top + (in->y - r.y) / v->lane_spacing);
        if (lane < v->rows.nlanes)
            choose(v, &v->rows.lanes[lane]);
    }
    if (in->x >= r.x && in->x < r.x + r.w)
        view_seek(v, v->from + (uint64_t)(in->x - r.x) * column_of(v));
}

static void click(struct live_view *v, enum live_panel p, const struct input *in)
{
    int row = in->y - v->layout.at[p].y - 1 + v->tree_top;
    v->focus = p;
    if (p == VIEW_TIMELINE)
        click_lane(v, in);
    else if (p == VIEW_THREADS && row >= 0 && row < (int)v->rows.ntree)
        choose(v, &v->rows.tree[row]);
    if (in->clicks == 2 && p != VIEW_TIMELINE)
        v->zoomed = !v->zoomed;
}

static void act_live_mouse(struct live_view *v, const struct input *in)
{
    int p = live_layout_hit(&v->layout, in->x, in->y);
    if (p < 0)
        return;
    if (!in->wheel)
        click(v, (enum live_panel)p, in);
    else if (p == VIEW_TIMELINE)
        zoom_time(v, in->wheel);
    else
        scroll(v, (enum live_panel)p, p == VIEW_THREADS ? in->wheel : 3 * in->wheel);
}

static void act_live_redraw(struct live_view *v, const struct input *in)
{
    (void)v;
    (void)in;
    term_redraw();
}

static void act_live_help(struct live_view *v, const struct input *in)
{
    (void)in;
    help_push(v->ui, SCREEN_LIVE);
}

static void act_live_escape(struct live_view *v, const struct input *in)
{
    (void)in;
    if (view_build_stop(v))
        return;
    if (v->zoomed)
        v->zoomed = 0;
    else if (!v->following)
        follow(v);
    else if (v->ui->depth > 1)
        ui_pop(v->ui);
    else
        view_say(v, ROLE_NOTE, "q leaves, and ends the program");
}

static void act_live_quit(struct live_view *v, const struct input *in)
{
    (void)in;
    ui_leave(v->ui, 0);
}

static void act_list(struct live_view *v, enum action action, const struct input *in)
{
    int took = list_act(&v->list, action, in);
    if (took < 0)
        v->mode = VIEW_NORMAL;
    if (took > 0)
        view_menu_taken(v);
}

/* -------- the table of actions -------- */

static void (*const handlers[ACT_COUNT])(struct live_view *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_live.def"
#undef KEY
    [ACT_prompt_take] = act_prompt_take,   [ACT_prompt_close] = act_close,
    [ACT_prompt_rub] = act_prompt_rub,     [ACT_prompt_clear] = act_prompt_clear,
    [ACT_prompt_redraw] = act_live_redraw, [ACT_list_redraw] = act_live_redraw,
};

static enum screen_id keys(void *state)
{
    static const enum screen_id by_mode[] = {
        [VIEW_NORMAL] = SCREEN_LIVE, [VIEW_GOTO] = SCREEN_PROMPT,  [VIEW_TYPING] = SCREEN_PROMPT,
        [VIEW_MENU] = SCREEN_LIST,   [VIEW_CONFIRM] = SCREEN_LIST, [VIEW_SIGNALS] = SCREEN_LIST};
    return by_mode[((struct live_view *)state)->mode];
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct live_view *v = state;
    v->ui = ui;
    if (v->mode == VIEW_NORMAL && !v->build)
        v->message[0] = 0;
    if (handlers[action])
        handlers[action](v, in);
    else if (v->mode == VIEW_MENU || v->mode == VIEW_CONFIRM || v->mode == VIEW_SIGNALS)
        act_list(v, action, in);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct live_view *v = state;
    (void)ui;
    if (v->mode == VIEW_GOTO || v->mode == VIEW_TYPING)
        edit_type(&v->edit, in->key);
}

/* -------- time -------- */

static uint64_t cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* What we use of the processors is taken from an account that fills with time, so that the program
 * has them: when it is empty, the next look comes later. */
static void account(struct live_view *v, int64_t now)
{
    uint64_t cpu = cpu_now();
    int64_t used = (int64_t)(cpu - v->cpu_used), since = now - v->looked_at;
    v->cpu_used = cpu;
    v->looked_at = now;
    v->allowance += since * 1000 * SHARE - used;
    if (v->allowance > SAVED_NS)
        v->allowance = SAVED_NS;
    int64_t wait = v->following ? FRAME_MS : PAUSED_MS;
    if (v->allowance < 0)
        wait += -v->allowance / (1000 * SHARE);
    v->look_at = now + (wait > SLOWEST_MS ? SLOWEST_MS : wait);
}

static uint64_t look_budget(const struct live_view *v)
{
    int64_t budget = v->allowance / 4;
    return (uint64_t)(budget < LOOK_MIN_NS   ? LOOK_MIN_NS
                      : budget > LOOK_MAX_NS ? LOOK_MAX_NS
                                             : budget);
}

static int run_is_too_long(const struct live_view *v)
{
    return v->setup.seconds > 0 && !v->ended && (double)view_model(v)->now / 1e9 > v->setup.seconds;
}

void view_look_now(struct live_view *v)
{
    v->port.ops->look(v->port.ctx, look_budget(v));
    view_notice(v);
    if (run_is_too_long(v)) {
        struct err e;
        v->port.ops->signal(v->port.ctx, 0, LIVE_NONE, 9, &e);
        view_say(v, ROLE_NOTE, "the time it was given has passed: it is ended");
        v->setup.seconds = 0;
    }
}

static int wait_for(void *state, int64_t now, int *fd)
{
    struct live_view *v = state;
    *fd = view_build_fd(v);
    if (v->ended)
        return -1;
    return v->look_at <= now ? 0 : (int)(v->look_at - now);
}

static void tick(void *state, struct ui *ui)
{
    struct live_view *v = state;
    v->ui = ui;
    if (view_build_tick(v))
        return;
    if (v->ended || ui->now < v->look_at) {
        ui->quiet = 1;
        return;
    }
    enum live_alarm alarm = v->alarm;
    char before = v->message[0];
    view_look_now(v);
    ui->quiet = !v->following && !v->ended && v->alarm == alarm && v->message[0] == before;
    account(v, ui->now);
}

/* Another screen was on top: the run went on. */
static void back(void *state, struct ui *ui)
{
    struct live_view *v = state;
    v->ui = ui;
    v->cpu_used = cpu_now();
    if (!v->ended)
        view_look_now(v);
}

/* -------- beginning and end -------- */

void view_begin(struct live_view *v)
{
    v->following = 1;
    v->cursor = v->from = 0;
    v->scale_fixed = 0;
    v->event.kind = EV_NONE;
    v->chosen = 0;
    v->chosen_process = 0;
    v->on_process = 0;
    v->alarm = VIEW_FINE;
    v->ended = v->status = 0;
    v->watched = 0;
    v->full_rate = 0;
    v->npins = 0;
    v->nvariables = 0;
    v->nobjects = 0;
    v->globals_at = v->sorted_at = 0;
    v->look_at = 0;
    v->looked_at = term_now_ms();
    v->allowance = SAVED_NS;
    v->cpu_used = cpu_now();
    memset(v->scroll, 0, sizeof v->scroll);
}

static void free_view(void *state)
{
    struct live_view *v = state;
    view_build_drop(v);
    live_rows_fini(&v->rows);
    free(v->variables);
    free(v->objects);
    free(v->columns);
    free(v->moments);
    v->port.ops->close(v->port.ctx);
    free(v);
}

static const struct screen_ops ops = {
    .draw = view_draw,
    .keys = keys,
    .act = act,
    .typed = typed,
    .wait = wait_for,
    .tick = tick,
    .back = back,
    .free = free_view,
};

struct live_view *live_push(struct ui *ui, struct live_port port, const struct live_setup *setup)
{
    struct live_view *v = xcalloc(1, sizeof *v);
    v->ui = ui;
    v->port = port;
    v->setup = *setup;
    v->focus = VIEW_TIMELINE;
    v->fold = 1;
    v->variables = xcalloc(VIEW_VARIABLE_ROWS, sizeof *v->variables);
    view_begin(v);
    ui_push(ui, &ops, v);
    return v;
}

int live_bad(const struct live_view *v)
{
    return v->bad;
}
