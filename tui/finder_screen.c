/* The search screen: its actions. */
#include "finder_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(struct finder *x, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(struct finder *x, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(x->message, sizeof x->message, format, ap);
    va_end(ap);
    x->message_style = style;
}

/* -------- searching -------- */

static void act_explore_start(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    if (x->job)
        say(x, ROLE_NOTE, _("a search is under way; Esc stops it"));
    else
        finder_begin(x, 0);
}

static int is_under_way(struct finder *x)
{
    if (x->job)
        say(x, ROLE_NOTE, _("Esc stops the search first"));
    return x->job != NULL;
}

static void act_explore_strategy(struct finder *x, struct ui *ui, const struct input *in)
{
    static const char *const words[] = {
        [STRATEGY_DPOR] = N_("dpor: all schedules, of those that differ by independent steps one"),
        [STRATEGY_DFS] = N_("dfs: each schedule, one after the other; soon too many"),
        [STRATEGY_RANDOM] = N_("random: by chance, for programs too large to be searched wholly")};
    (void)ui;
    (void)in;
    if (is_under_way(x))
        return;
    x->strategy = (x->strategy + 1) % (STRATEGY_RANDOM + 1);
    say(x, ROLE_NOTE, "%s", _(words[x->strategy]));
}

static void open_prompt(struct finder *x, enum finder_mode mode)
{
    if (is_under_way(x))
        return;
    edit_clear(&x->edit);
    x->mode = mode;
}

static void act_explore_executions(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    open_prompt(x, FINDER_EXECUTIONS);
}

static void act_explore_seconds(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    open_prompt(x, FINDER_SECONDS);
}

static void act_explore_adversity(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    if (is_under_way(x))
        return;
    if (x->step->setup.challenge) {
        say(x, ROLE_NOTE, _("in a challenge the program runs as it is"));
        return;
    }
    list_clear(&x->list, _("What may go wrong?"));
    for (int i = 0; i < FINDER_ADVERSITIES; i++)
        list_add(&x->list, i, i, _(finder_adversities[i].words));
    x->list.at = x->adversity;
    x->mode = FINDER_ADVERSITY;
}

/* -------- opening what was found -------- */

static void open_outcome(struct finder *x)
{
    const struct explore_outcome *o = &x->r->outcomes[x->map.rows[x->at[VIEW_OUTCOMES]].outcome];
    struct buf words = {0};
    outcome_say(o, &words);
    step_open_found(x->step, &o->schedule, -1, UINT32_MAX);
    if (!x->step->message[0])
        step_say(x->step, ROLE_NOTE, _("this execution: %s; u brings the run before back"),
                 words.data);
    buf_fini(&words);
}

static void open_finding(struct finder *x)
{
    const struct explore_finding *f = &x->r->findings[x->at[VIEW_FINDINGS]];
    step_open_found(x->step, &f->schedule, f->kind, UINT32_MAX);
    if (!x->step->message[0])
        step_say(x->step, ROLE_BAD, _("%s: this step decides it; u brings the run before back"),
                 finding_name((unsigned)f->kind));
}

static void open_branch(struct finder *x)
{
    struct schedule way;
    uint32_t step = x->tree.nodes[x->node].step;
    schedule_init(&way);
    schedule_tree_schedule(&x->tree, x->r, x->node, &way);
    step_open_found(x->step, &way, -1, step);
    if (!x->step->message[0])
        step_say(x->step, ROLE_NOTE,
                 _("before this branch; → goes into it, u brings the run before "
                   "back"));
    schedule_fini(&way);
}

static void (*const open_row[FINDER_VIEWS])(struct finder *) = {
    [VIEW_OUTCOMES] = open_outcome, [VIEW_FINDINGS] = open_finding, [VIEW_TREE] = open_branch};

static void open_selected(struct finder *x, struct ui *ui)
{
    x->open_when_done = 0;
    if (!x->r || x->at[x->view] >= finder_rows(x, x->view))
        return;
    finder_quiet(x);
    open_row[x->view](x);
    ui_pop(ui);
}

static void act_explore_open(struct finder *x, struct ui *ui, const struct input *in)
{
    if (!x->r && !x->job) {
        act_explore_start(x, ui, in);
        return;
    }
    if (!finder_rows(x, x->view)) {
        say(x, ROLE_NOTE, _("there is nothing to open here; Tab goes to the next list"));
        return;
    }
    if (x->job) {
        finder_stop(x);
        x->open_when_done = 1;
        return;
    }
    open_selected(x, ui);
}

/* -------- the lists -------- */

static int page(const struct finder *x)
{
    int rows = x->panel[x->view].h - 3;
    return rows > 1 ? rows : 1;
}

#define MOVE(name, how)                                                                            \
    static void act_explore_##name(struct finder *x, struct ui *ui, const struct input *in)        \
    {                                                                                              \
        (void)ui;                                                                                  \
        (void)in;                                                                                  \
        finder_lock(x);                                                                            \
        how;                                                                                       \
        finder_unlock(x);                                                                          \
    }
MOVE(up, finder_move(x, -1))
MOVE(down, finder_move(x, 1))
MOVE(page_up, finder_move(x, -page(x)))
MOVE(page_down, finder_move(x, page(x)))
MOVE(first, finder_to(x, 0))
MOVE(last, finder_to(x, SIZE_MAX))
MOVE(view, x->view = (x->view + 1) % FINDER_VIEWS)
MOVE(view_back, x->view = (x->view + FINDER_VIEWS - 1) % FINDER_VIEWS)
MOVE(redraw, term_redraw())
#undef MOVE

/* The keys of the tree go to it from wherever the learner is. */
static int in_tree(struct finder *x)
{
    x->view = VIEW_TREE;
    if (!x->tree.n)
        say(x, ROLE_NOTE, _("the tree grows with a search: f begins one"));
    return x->tree.n != 0;
}

static void act_explore_unfold(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    if (in_tree(x))
        finder_unfold(x);
}

static void act_explore_fold(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    if (in_tree(x))
        finder_fold(x);
}

static void act_explore_levels(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    if (!in_tree(x))
        return;
    finder_next_level(x);
    if (x->levels > 4)
        say(x, ROLE_NOTE, _("all of the tree"));
    else
        say(x, ROLE_NOTE, ngettext("%u level of the tree", "%u levels of the tree", x->levels),
            x->levels);
}

static void act_explore_run(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    if (!in_tree(x))
        return;
    finder_lock(x);
    finder_mark_run(x, 1);
    finder_unlock(x);
    say(x, ROLE_NOTE,
        x->tree.left ? _("your run is in the tree up to step %u, then it goes another way")
                     : _("your run is here, with its %u steps"),
        x->tree.left_step);
}

static void act_explore_mouse(struct finder *x, struct ui *ui, const struct input *in)
{
    enum finder_view view;
    size_t row;
    if (!finder_hit(x, in->x, in->y, &view, &row))
        return;
    finder_lock(x);
    int is_row = row < finder_rows(x, view);
    x->view = view;
    if (in->wheel)
        finder_move(x, in->wheel);
    else if (is_row)
        finder_to(x, row);
    finder_unlock(x);
    if (is_row && !in->wheel && in->clicks == 2)
        act_explore_open(x, ui, in);
}

/* -------- the rest -------- */

static void act_explore_help(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)x;
    (void)in;
    help_push(ui, SCREEN_EXPLORE);
}

static void act_explore_escape(struct finder *x, struct ui *ui, const struct input *in)
{
    if (x->job) {
        finder_stop(x);
        say(x, ROLE_NOTE, _("stopping; what was found stays"));
    } else if (in->key == K_CTRL('C')) {
        ui_leave(ui, 130);
    } else {
        finder_quiet(x);
        ui_pop(ui);
    }
}

static void act_explore_quit(struct finder *x, struct ui *ui, const struct input *in)
{
    (void)x;
    (void)in;
    ui_leave(ui, 0);
}

/* -------- what is typed and chosen -------- */

static void take_number(struct finder *x)
{
    char *end;
    errno = 0;
    double n = strtod(x->edit.text, &end);
    int whole = x->mode == FINDER_EXECUTIONS;
    enum finder_mode mode = x->mode;
    x->mode = FINDER_NORMAL;
    if (!x->edit.n)
        return;
    if (*end || errno || !(n >= 0) || n > 1e15 || (whole && n != (double)(uint64_t)n) ||
        (!whole && !(n > 0))) {
        say(x, ROLE_BAD,
            whole ? _("\"%s\" is no number of executions: 10000, or 0 for no bound")
                  : _("\"%s\" is no number of seconds: 5, or 0.5"),
            x->edit.text);
        return;
    }
    if (mode == FINDER_EXECUTIONS)
        x->executions = (uint64_t)n;
    else
        x->seconds = n;
}

static void act_list(struct finder *x, enum action action, const struct input *in)
{
    int took = list_act(&x->list, action, in);
    if (took)
        x->mode = FINDER_NORMAL;
    if (took > 0)
        x->adversity = (int)x->list.rows[x->list.at].value;
}

static void act_prompt(struct finder *x, enum action action)
{
    if (action == ACT_prompt_take)
        take_number(x);
    else if (action == ACT_prompt_close)
        x->mode = FINDER_NORMAL;
    else if (action == ACT_prompt_rub)
        edit_rub(&x->edit);
    else if (action == ACT_prompt_clear)
        edit_clear(&x->edit);
}

/* -------- the table of actions -------- */

static void (*const handlers[ACT_COUNT])(struct finder *, struct ui *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_explore.def"
#undef KEY
    [ACT_list_redraw] = act_explore_redraw,
    [ACT_prompt_redraw] = act_explore_redraw,
};

static enum screen_id keys(void *state)
{
    const struct finder *x = state;
    return x->mode == FINDER_NORMAL      ? SCREEN_EXPLORE
           : x->mode == FINDER_ADVERSITY ? SCREEN_LIST
                                         : SCREEN_PROMPT;
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct finder *x = state;
    enum screen_id table = keys(x);
    x->message[0] = 0;
    if (handlers[action])
        handlers[action](x, ui, in);
    else if (table == SCREEN_LIST)
        act_list(x, action, in);
    else
        act_prompt(x, action);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct finder *x = state;
    (void)ui;
    if (keys(x) == SCREEN_PROMPT)
        edit_type(&x->edit, in->key);
}

/* Also while nothing is at work: the words of the row under the cursor are begun here. */
static int wait_for(void *state, int64_t now, int *fd)
{
    struct finder *x = state;
    (void)now;
    finder_want_words(x);
    *fd = finder_fd(x);
    return -1;
}

static void tick(void *state, struct ui *ui)
{
    struct finder *x = state;
    if (finder_tick(x) && x->open_when_done)
        open_selected(x, ui);
}

/* The search stays with the step screen. */
static void leave(void *state)
{
    finder_quiet(state);
}

static const struct screen_ops ops = {
    .draw = finder_draw,
    .keys = keys,
    .act = act,
    .typed = typed,
    .wait = wait_for,
    .tick = tick,
    .free = leave,
};

void finder_push(struct finder *x, struct ui *ui, int view)
{
    if (view >= 0)
        x->view = (enum finder_view)view;
    x->message[0] = 0;
    x->mode = FINDER_NORMAL;
    if (x->r) { /* what was found before; the learner has made other runs since */
        outcome_map_update(&x->map, x->r, 0, &x->step->seen);
        finder_mark_run(x, 0);
        finder_keep_place(x);
    }
    ui_push(ui, &ops, x);
}
