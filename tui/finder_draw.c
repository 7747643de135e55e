/* The search screen. */
#include "finder_internal.h"

#include <stdio.h>
#include <string.h>

enum { SMALL_COLS = 60, SMALL_ROWS = 16, WIDE_COLS = 100, BAR_MAX = 24 };

static const char *const view_titles[FINDER_VIEWS] = {
    [VIEW_OUTCOMES] = N_("Outcomes"), [VIEW_FINDINGS] = N_("Findings"), [VIEW_TREE] = N_("Tree")};

/* -------- what is searched for, how far it is -------- */

static const char *state_words(const struct finder *x, char *scratch, size_t n)
{
    if (x->job && x->look.part >= 1)
        return _("REPLAYING FINDINGS");
    if (x->job && !x->stopped && x->look.part >= 0.01)
        snprintf(scratch, n, _("SEARCHING, about %.0f %%"), x->look.part * 100);
    else if (x->job)
        return x->stopped ? _("STOPPING") : _("SEARCHING");
    else if (x->failed)
        return _("CANNOT SEARCH");
    else if (!x->r)
        return _("not begun");
    else if (x->map.verdict == MAP_COMPLETE)
        return _("COMPLETE");
    else if (x->map.verdict == MAP_BOUND)
        return _("WITHIN A BOUND");
    else
        return _("STOPPED");
    return scratch;
}

/* A key and what it sets; the columns it takes. */
static int draw_setting(struct canvas *c, int x, int y, enum action action, const char *name,
                        const char *value)
{
    char key[16];
    int from = x;
    keys_spell(keys_row(action)->keys[0], key, sizeof key);
    x += canvas_text(c, x, y, ROLE_KEY, key) + 1;
    x += canvas_text(c, x, y, ROLE_DIM, name) + 1;
    x += canvas_text(c, x, y, ROLE_STRONG, value) + 3;
    return x - from;
}

static void draw_settings(const struct finder *x, struct canvas *c, int y)
{
    char executions[32], seconds[32];
    int at = 1;
    snprintf(executions, sizeof executions, "%llu", (unsigned long long)x->executions);
    snprintf(seconds, sizeof seconds, "%g", x->seconds);
    at += draw_setting(c, at, y, ACT_explore_strategy, _("strategy"), strategy_word(x->strategy));
    at += draw_setting(c, at, y, ACT_explore_executions, _("executions"),
                       x->executions ? executions : _("no bound"));
    at += draw_setting(c, at, y, ACT_explore_seconds, _("seconds"), seconds);
    draw_setting(c, at, y, ACT_explore_adversity, _("adversity"),
                 _(finder_adversities[x->adversity].name));
}

static int bar(struct canvas *c, int x, int y, int width, unsigned style, double part)
{
    int full = (int)(part * width + 0.5);
    if (part > 0 && !full)
        full = 1;
    for (int i = 0; i < width && i < full; i++)
        canvas_put(c, x + i, y, style, L'█');
    return width;
}

/* How many there will be: by chance it is known; else it is a guess, of which two digits are said.
 */
static void say_expected(const struct finder *x, struct buf *out)
{
    double all = (double)x->look.executions / x->look.part;
    int digits = 0;
    if (x->r && x->r->strategy == STRATEGY_RANDOM) {
        buf_printf(out, _(" of %.0f"), all);
        return;
    }
    for (; all >= 100 && digits < 300; digits++)
        all /= 10;
    if (digits > 5) {
        buf_printf(out, _(" of some 10^%d (estimate)"), digits + (all >= 10));
        return;
    }
    for (all = (double)(long)(all + 0.5); digits; digits--)
        all *= 10;
    buf_printf(out, _(" of some %.0f (estimate)"), all);
}

/* What matters most first: the end is cut where there is no room. */
static void say_rate(const struct finder *x, struct buf *out)
{
    unsigned long long n = x->look.executions, blocked = x->look.blocked;
    buf_printf(out, ngettext("%llu execution", "%llu executions", n), n);
    if (x->job && x->look.part > 0 && x->look.part < 1)
        say_expected(x, out);
    if (x->look.seconds > 0.05) {
        buf_puts(out, ", ");
        buf_printf(out, _("%.0f a second"), (double)n / x->look.seconds);
    }
    buf_puts(out, ", ");
    buf_printf(out, _("%.1f s"), x->look.seconds);
    if (blocked) {
        buf_puts(out, ", ");
        buf_printf(out, ngettext("%llu redundant", "%llu redundant", blocked), blocked);
    }
}

static void draw_progress(const struct finder *x, struct canvas *c, int y)
{
    struct buf text = {0};
    int at = 1;
    if (x->failed) {
        canvas_fit(c, 1, y, c->cols - 2, ROLE_BAD, _("It cannot be searched:"));
        return;
    }
    if (!x->r && !x->job) {
        canvas_fit(c, 1, y, c->cols - 2, ROLE_TEXT,
                   _("f searches the schedules of this program: all it can do, and each bug."));
        return;
    }
    if (x->job && c->cols >= SMALL_COLS)
        at += bar(c, at, y, c->cols / 8, ROLE_RUNNING, x->look.part) + 1;
    say_rate(x, &text);
    canvas_fit(c, at, y, c->cols - at - 1, x->job ? ROLE_STRONG : ROLE_TEXT,
               text.data ? text.data : "");
    buf_fini(&text);
}

/* What the result proves, and what the learner has seen of it; the rows it takes. */
static int draw_verdict(const struct finder *x, struct canvas *c, int y, int rows)
{
    struct buf text = {0};
    struct rect r = {1, y, c->cols - 2, rows};
    unsigned style = ROLE_TEXT;
    if (x->failed) {
        buf_puts(&text, x->why);
        style = ROLE_BAD;
    } else if (x->r) {
        outcome_map_say_verdict(&x->map, x->r, &text);
        buf_puts(&text, " ");
        outcome_map_say_seen(&x->map, &text);
        if (x->work && x->work->adversity) {
            buf_puts(&text, " ");
            buf_printf(&text, _("With adversity: %s."), x->work->adversity);
        }
        if (!x->job && x->r->notes)
            buf_printf(&text, "\n%s", x->r->notes);
        style = x->map.verdict == MAP_COMPLETE ? ROLE_GOOD : ROLE_NOTE;
    } else {
        buf_puts(&text, _("An outcome is what the program prints and how it ends. The search finds "
                          "all of them, and for each the schedule of fewest switches."));
        style = ROLE_DIM;
    }
    int used = text_lines(r.w, text.data);
    text_wrap(c, r, 0, style, text.data, NULL, 0);
    buf_fini(&text);
    return used < rows ? used : rows;
}

/* -------- the lists -------- */

static const char *view_more(const struct finder *x, enum finder_view view, char *out, size_t n)
{
    size_t rows = view == VIEW_TREE ? x->tree.added : finder_rows(x, view);
    if (view == VIEW_TREE && x->tree.every > 1)
        snprintf(out, n, _("one schedule in %u"), x->tree.every);
    else if (view == VIEW_TREE)
        snprintf(out, n, ngettext("%zu schedule", "%zu schedules", rows), rows);
    else
        snprintf(out, n, "%zu", rows);
    return out;
}

static size_t keep_in_sight(struct finder *x, enum finder_view view, int rows, size_t n)
{
    size_t at = x->at[view], *top = &x->top[view], room = rows > 0 ? (size_t)rows : 1;
    if (at < *top)
        *top = at;
    if (at >= *top + room)
        *top = at - room + 1;
    if (*top + room > n)
        *top = n > room ? n - room : 0;
    return *top;
}

static void mark_row(const struct finder *x, struct canvas *c, enum finder_view view, size_t row,
                     struct rect r, int y)
{
    if (row != x->at[view])
        return;
    canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, x->view == view ? ATTR_REVERSE : ATTR_BOLD);
}

static int digits(uint64_t n)
{
    int d = 1;
    while (n >= 10) {
        n /= 10;
        d++;
    }
    return d;
}

/* A number at the right end of `width` columns. */
static int put_count(struct canvas *c, int x, int y, int width, unsigned style, uint64_t n)
{
    canvas_printf(c, x + width - digits(n), y, style, "%llu", (unsigned long long)n);
    return width;
}

/* Words at the right end of a row; the columns left for the rest. */
static int put_right(struct canvas *c, struct rect r, int y, int room, unsigned style,
                     const char *text)
{
    int n = utf8_cols(text, strlen(text));
    if (n + 24 > room)
        return room;
    canvas_text(c, r.x + room - n, y, style, text);
    return room - n - 2;
}

static void draw_outcome(struct finder *x, struct canvas *c, struct rect r, int y, size_t row)
{
    const struct outcome_row *o = &x->map.rows[row];
    struct buf text = {0};
    char switches[48];
    int at = r.x, room = r.w, width = r.w / 5 < BAR_MAX ? r.w / 5 : BAR_MAX;
    unsigned style = o->wrong >= 0 ? ROLE_BAD : ROLE_TEXT;
    if (o->seen)
        room = put_right(c, r, y, room, ROLE_GOOD, _("seen"));
    if (o->switches != UINT32_MAX && r.w >= SMALL_COLS) {
        snprintf(switches, sizeof switches, ngettext("%u switch", "%u switches", o->switches),
                 o->switches);
        room = put_right(c, r, y, room, ROLE_DIM, switches);
    }
    at += put_count(c, at, y, digits(x->map.most), ROLE_STRONG, o->executions) + 1;
    if (r.w >= 36)
        at += bar(c, at, y, width, o->wrong >= 0 ? ROLE_BLOCKED : ROLE_RUNNING,
                  x->map.most ? (double)o->executions / (double)x->map.most : 0) +
              1;
    if (o->wrong >= 0)
        canvas_text(c, at, y, ROLE_BAD, "!");
    at += 2;
    outcome_say(&x->r->outcomes[o->outcome], &text);
    canvas_fit(c, at, y, r.x + room - at, style, text.data);
    buf_fini(&text);
}

static void draw_finding(struct finder *x, struct canvas *c, struct rect r, int y, size_t row)
{
    const struct explore_finding *f = &x->r->findings[row];
    char where[96] = "", switches[48];
    int at = r.x, room = r.w;
    if (f->switches != UINT32_MAX) {
        snprintf(switches, sizeof switches, ngettext("%u switch", "%u switches", f->switches),
                 f->switches);
        room = put_right(c, r, y, room, ROLE_DIM, switches);
    }
    at += canvas_text(c, at, y, ROLE_BAD, "! ");
    at += canvas_text(c, at, y, ROLE_BAD, finding_name((unsigned)f->kind)) + 2;
    if (*f->file && f->line)
        snprintf(where, sizeof where, "%s:%d", f->file, f->line);
    at += canvas_fit(c, at, y, r.x + room - at, ROLE_STRONG, where) + (*where ? 2 : 0);
    if (at < r.x + room)
        canvas_fit(c, at, y, r.x + room - at, ROLE_TEXT, f->message);
}

/* The lines that lead to a branch, as many as there is room for; the columns they take. */
static int draw_lines(const struct finder *x, struct canvas *c, struct rect r, int y, uint32_t node,
                      unsigned depth)
{
    unsigned most = (unsigned)(r.w / 3 > 2 ? r.w / 3 / 2 : 1), shown = depth < most ? depth : most;
    if (shown < depth) /* deeper than that: only how deep */
        canvas_printf(c, r.x, y, ROLE_DIM, "%u", depth);
    for (unsigned level = 0; level < shown && node != TREE_NONE && node; level++) {
        const struct tree_node *n = &x->tree.nodes[node];
        int at = r.x + (int)(shown - 1 - level) * 2;
        int last = n->sibling == TREE_NONE;
        if (shown < depth && level + 2 >= shown)
            break;
        if (!level) {
            canvas_put(c, at, y, ROLE_BORDER, last ? L'└' : L'├');
            canvas_put(c, at + 1, y, ROLE_BORDER, L'─');
        } else if (!last) {
            canvas_put(c, at, y, ROLE_BORDER, L'│');
        }
        node = n->parent;
    }
    return (int)shown * 2;
}

static void draw_branch(struct finder *x, struct canvas *c, struct rect r, int y, uint32_t node,
                        unsigned depth)
{
    const struct tree_node *n = &x->tree.nodes[node];
    struct buf text = {0};
    int at = r.x, room = r.w;
    if (n->here)
        room = put_right(c, r, y, room, ROLE_GOOD, _("your run"));
    at += draw_lines(x, c, r, y, node, depth);
    at += canvas_put(c, at, y, n->children ? ROLE_KEY : ROLE_DIM,
                     !n->children ? L'·'
                     : n->open    ? L'▼'
                                  : L'▶') +
          1;
    schedule_tree_say_branch(&x->tree, x->r, node, &text);
    at += canvas_text(c, at, y, ROLE_STRONG, text.data) + 2;
    buf_fini(&text);
    at += canvas_printf(c, at, y, ROLE_TEXT, "×%u", n->executions) + 2;
    if (n->wrong)
        at += canvas_text(c, at, y, ROLE_BAD, "!") + 1;
    schedule_tree_say_ends(&x->tree, x->r, node, &text);
    if (at < r.x + room && text.len)
        canvas_fit(c, at, y, r.x + room - at, n->wrong ? ROLE_BAD : ROLE_DIM, text.data);
    buf_fini(&text);
}

static void draw_branches(struct finder *x, struct canvas *c, struct rect r, size_t top)
{
    unsigned depth = 0;
    size_t row = 0;
    for (uint32_t n = 0; n < x->tree.n; n = schedule_tree_next(&x->tree, n, &depth), row++) {
        if (row < top)
            continue;
        if (row >= top + (size_t)r.h)
            return;
        draw_branch(x, c, r, r.y + (int)(row - top), n, depth);
        mark_row(x, c, VIEW_TREE, row, r, r.y + (int)(row - top));
    }
}

static void draw_empty(const struct finder *x, struct canvas *c, struct rect r,
                       enum finder_view view)
{
    const char *words = x->job                  ? _("nothing yet")
                        : !x->r                 ? ""
                        : view == VIEW_FINDINGS ? _("nothing wrong was found")
                        : x->r->executions      ? _("none")
                                                : _("no execution came to its end");
    canvas_fit(c, r.x + 1, r.y, r.w - 2, ROLE_DIM, words);
}

static void draw_list(struct finder *x, struct canvas *c, enum finder_view view, struct rect box,
                      const char *more)
{
    char count[48];
    size_t n = finder_rows(x, view);
    if (box.w < 3 || box.h < 3)
        return;
    x->panel[view] = box;
    if (!more && x->r)
        more = view_more(x, view, count, sizeof count);
    panel_box(c, box, _(view_titles[view]), more, x->view == view);
    struct rect r = panel_inside(box), before = canvas_clip(c, r);
    size_t top = keep_in_sight(x, view, r.h, n);
    if (!n)
        draw_empty(x, c, r, view);
    else if (view == VIEW_TREE)
        draw_branches(x, c, r, top);
    for (size_t row = top; view != VIEW_TREE && row < n && row < top + (size_t)r.h; row++) {
        int y = r.y + (int)(row - top);
        if (view == VIEW_OUTCOMES)
            draw_outcome(x, c, r, y, row);
        else
            draw_finding(x, c, r, y, row);
        mark_row(x, c, view, row, r, y);
    }
    c->clip = before;
}

/* -------- where all that stands -------- */

/* One list, the others a key away: their names and sizes at the end of its title. */
static void draw_single(struct finder *x, struct canvas *c, struct rect r)
{
    char more[96], counts[2][48];
    enum finder_view a = (x->view + 1) % FINDER_VIEWS, b = (x->view + 2) % FINDER_VIEWS;
    int detail = r.h >= 10 ? (r.h >= 16 ? 7 : 5) : 0;
    if (c->cols >= SMALL_COLS)
        snprintf(more, sizeof more, _("Tab: %s %s, %s %s"), _(view_titles[a]),
                 view_more(x, a, counts[0], sizeof counts[0]), _(view_titles[b]),
                 view_more(x, b, counts[1], sizeof counts[1]));
    else
        snprintf(more, sizeof more, "%s", _("Tab: next"));
    draw_list(x, c, x->view, (struct rect){r.x, r.y, r.w, r.h - detail}, more);
    finder_draw_detail(x, c, (struct rect){r.x, r.y + r.h - detail, r.w, detail});
}

static void draw_all(struct finder *x, struct canvas *c, struct rect r)
{
    int left = r.w / 2, top = r.h * 3 / 5, detail = r.h >= 30 ? 12 : 9;
    draw_list(x, c, VIEW_OUTCOMES, (struct rect){r.x, r.y, left, top}, NULL);
    draw_list(x, c, VIEW_FINDINGS, (struct rect){r.x, r.y + top, left, r.h - top}, NULL);
    draw_list(x, c, VIEW_TREE, (struct rect){r.x + left, r.y, r.w - left, r.h - detail}, NULL);
    finder_draw_detail(x, c, (struct rect){r.x + left, r.y + r.h - detail, r.w - left, detail});
}

static const char *mode_label(const struct finder *x)
{
    return x->mode == FINDER_EXECUTIONS ? _("executions (0: no bound)")
           : x->mode == FINDER_SECONDS  ? _("seconds")
                                        : NULL;
}

void finder_draw(void *state, struct canvas *c)
{
    struct finder *x = state;
    char title[128], scratch[64];
    memset(x->panel, 0, sizeof x->panel);
    finder_lock(x);
    snprintf(title, sizeof title, _("%s: search"), x->step->setup.title);
    bar_title(c, title, state_words(x, scratch, sizeof scratch));
    int y = 1;
    if (c->rows >= SMALL_ROWS && c->cols >= SMALL_COLS)
        draw_settings(x, c, y++);
    draw_progress(x, c, y++);
    if (c->rows >= SMALL_ROWS || x->failed)
        y += draw_verdict(x, c, y, x->failed && !x->r ? c->rows - y - 1 : c->rows / 12 + 1);
    struct rect r = {0, y, c->cols, c->rows - y - 1};
    if (c->cols >= WIDE_COLS && r.h >= 20)
        draw_all(x, c, r);
    else
        draw_single(x, c, r);
    if (mode_label(x))
        edit_draw(c, c->rows - 1, mode_label(x), &x->edit);
    else
        bar_footer(c, x->mode == FINDER_ADVERSITY ? SCREEN_LIST : SCREEN_EXPLORE, ACT_NONE);
    message_draw(c, c->rows - 2, x->message_style, x->message);
    if (x->mode == FINDER_ADVERSITY)
        list_draw(c, &x->list);
    finder_unlock(x);
}

int finder_hit(const struct finder *x, int cx, int cy, enum finder_view *view, size_t *row)
{
    for (int v = 0; v < FINDER_VIEWS; v++) {
        struct rect r = x->panel[v];
        if (cx < r.x || cx >= r.x + r.w || cy < r.y || cy >= r.y + r.h)
            continue;
        *view = (enum finder_view)v;
        *row = cy > r.y ? x->top[v] + (size_t)(cy - r.y - 1) : x->top[v];
        return 1;
    }
    return 0;
}
