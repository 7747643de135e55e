/* The speaker's notes: the screen. */
#include "present_notes.h"

#include "widgets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct notes {
    struct ui *ui;
    struct present_link link;
    int scroll, ended;
    char message[2048];
};

static void say(struct notes *n, const char *text)
{
    snprintf(n->message, sizeof n->message, "%s", text);
}

/* -------- drawing -------- */

struct column {
    struct canvas *c;
    struct rect r;
    int y; /* row of the whole column, scrolled or not */
    int top;
};

static void put(struct column *k, int x, unsigned role, const char *text)
{
    struct rect at = {k->r.x + x, k->r.y + k->y - k->top, k->r.w - x, 0};
    int lines = text_lines(at.w < 1 ? 1 : at.w, text), first = 0;
    if (at.y < k->r.y) {
        first = k->r.y - at.y;
        at.y = k->r.y;
    }
    at.h = k->r.y + k->r.h - at.y;
    if (k->c && first < lines && at.h > 0)
        text_wrap(k->c, at, first, role, text, NULL, 0);
    k->y += lines < 1 ? 1 : lines;
}

static void put_part(struct column *k, const char *head, unsigned role, const char *text)
{
    if (!*text)
        return;
    put(k, 0, ROLE_HEADING, head);
    put(k, 2, role, text);
    k->y++;
}

static void draw_time(const struct wire_state *s, int64_t now, char *out, size_t n)
{
    int behind, early, gone = link_minutes(s, now, &behind, &early);
    out[0] = 0;
    if (!s->began_ms)
        snprintf(out, n, _("%d min, not begun"), (int)s->minutes);
    else if (behind)
        snprintf(out, n, _("%d of %d min, %d behind"), gone, (int)s->minutes, behind);
    else if (early)
        snprintf(out, n, _("%d of %d min, %d early"), gone, (int)s->minutes, early);
    else
        snprintf(out, n, _("%d of %d min, in time"), gone, (int)s->minutes);
}

static void put_hands(struct column *k, const struct wire_state *s)
{
    char text[96];
    if (s->counting) {
        snprintf(text, sizeof text, _("Counting hands for choice %d: %s"), (int)s->counting,
                 s->hands);
        put(k, 0, ROLE_KEY | ATTR_REVERSE, text);
        k->y++;
    } else
        put_part(k, _("Hands, by choice"), ROLE_STRONG, s->hands);
    put_part(k, _("At other times"), ROLE_DIM, s->before);
}

static void draw_column(const struct wire_state *s, struct column *k)
{
    put(k, 0, ROLE_STRONG, s->now);
    if (s->black)
        put(k, 0, ROLE_NOTE, _("The class's screen is black."));
    if (s->elsewhere == 2)
        put(k, 0, ROLE_NOTE, _("It runs on the class's screen; PgDn goes on with the plan."));
    else if (s->elsewhere)
        put(k, 0, ROLE_NOTE,
            _("Another screen is on top there; its keys are needed to come back."));
    if (*s->message)
        put(k, 0, ROLE_NOTE, s->message);
    k->y++;
    put_part(k, _("Notes"), ROLE_TEXT, s->note);
    put_part(k, s->shown ? _("The answer, shown") : _("The answer, hidden from the class"),
             ROLE_GOOD, s->answer);
    put_hands(k, s);
    put_part(k, _("On the screen"), ROLE_TEXT, s->state);
}

static void draw_waiting(struct notes *n, struct canvas *c)
{
    struct rect r = {2, 2, c->cols - 4, c->rows - 4};
    const char *text =
        n->ended ? _("The presentation has ended. These notes wait for the next one.")
                 : _("No presentation runs yet. Begin one in the other terminal:\n\n    lockstep "
                     "present PLAN\n\nThese notes then follow it.");
    int lines = text_wrap(c, r, 0, n->ended ? ROLE_NOTE : ROLE_TEXT, text, NULL, 0);
    if (n->link.trouble)
        text_wrap(c, (struct rect){r.x, r.y + lines + 1, r.w, r.h}, 0, ROLE_BAD, n->link.trouble,
                  NULL, 0);
}

static void draw(void *state, struct canvas *c)
{
    struct notes *n = state;
    const struct wire_state *s = &n->link.state;
    char what[160], right[96] = "";
    int small = c->rows < 8;
    if (n->link.had)
        draw_time(s, n->ui->now, right, sizeof right);
    if (n->link.had && s->slide > 0 && s->slide <= s->of)
        snprintf(what, sizeof what, _("notes %d/%d  %s"), (int)s->slide, (int)s->of, s->plan);
    else
        snprintf(what, sizeof what, _("notes  %s"), s->plan);
    bar_title(c, what, right);
    if (n->link.fd < 0 && !n->link.had)
        draw_waiting(n, c);
    else {
        int margin = c->cols >= 60 ? 2 : 0, next = !small && *s->next;
        struct column k = {c, {margin, 1 + !small, c->cols - 2 * margin, 0}, 0, n->scroll};
        k.r.h = c->rows - k.r.y - (small ? 0 : 1 + next);
        if (k.r.w > 100)
            k.r.w = 100;
        struct column measured = {NULL, k.r, 0, 0};
        draw_column(s, &measured);
        int most = measured.y > k.r.h ? measured.y - k.r.h : 0;
        n->scroll = n->scroll > most ? most : n->scroll;
        k.top = n->scroll;
        draw_column(s, &k);
        if (n->scroll < most)
            canvas_text(c, c->cols - 2, k.r.y + k.r.h - 1, ROLE_KEY, "↓");
        if (next) {
            int x = margin + canvas_text(c, margin, c->rows - 2, ROLE_HEADING, _("Next: "));
            canvas_fill(c, (struct rect){x, c->rows - 2, c->cols - x, 1}, ROLE_TEXT);
            canvas_fit(c, x, c->rows - 2, c->cols - x - 1, ROLE_TEXT, s->next);
        }
    }
    if (!small)
        bar_footer(c, SCREEN_NOTES, ACT_NONE);
    if (n->link.fd < 0 && n->ended)
        message_draw(c, c->rows >= 12 ? c->rows - 3 : -1, ROLE_BAD,
                     _("The presentation has ended; waiting for the next one."));
    else
        message_draw(c, c->rows >= 12 ? c->rows - 3 : -1, ROLE_NOTE, n->message);
}

/* -------- keys -------- */

static int key_of(enum action action, const struct input *in)
{
    switch (action) {
    case ACT_notes_on:
        return K_PGDN;
    case ACT_notes_back:
        return K_PGUP;
    case ACT_notes_enter:
        return K_ENTER;
    case ACT_notes_rub:
        return K_BACKSPACE;
    case ACT_notes_answer:
        return 'a';
    case ACT_notes_hint:
        return 'i';
    case ACT_notes_black:
        return 'b';
    case ACT_notes_entry:
        return ']';
    case ACT_notes_entry_back:
        return '[';
    case ACT_notes_digit:
        return in->key;
    default:
        return 0;
    }
}

static void ask(struct notes *n, int key)
{
    if (n->link.fd < 0)
        say(n, _("no presentation runs"));
    else if (n->link.state.elsewhere == 1)
        say(n, _("another screen is on top there: use its keys"));
    else if (link_ask(&n->link, key) < 0)
        say(n, _("the presentation does not answer"));
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct notes *n = state;
    int key = key_of(action, in);
    n->message[0] = 0;
    if (key)
        ask(n, key);
    else if (action == ACT_notes_down || action == ACT_notes_up) {
        n->scroll += action == ACT_notes_down ? 1 : -1;
        n->scroll = n->scroll < 0 ? 0 : n->scroll > 999 ? 999 : n->scroll;
    } else if (action == ACT_notes_other && !link_other(&n->link))
        say(n, _("there is no other presentation"));
    else if (action == ACT_notes_redraw)
        term_redraw();
    else if (action == ACT_notes_help)
        help_push(ui, SCREEN_NOTES);
    else if (action == ACT_notes_quit)
        ui_leave(ui, 0);
}

static enum screen_id keys(void *state)
{
    (void)state;
    return SCREEN_NOTES;
}

/* -------- time -------- */

enum { CLOCK_MS = 10000 };

static int wait_for(void *state, int64_t now, int *fd)
{
    struct notes *n = state;
    n->ui->now = now;
    *fd = n->link.fd;
    if (n->link.fd >= 0)
        return CLOCK_MS;
    int64_t left = n->link.last + LINK_AGAIN_MS - now;
    return left < 0 ? 0 : (int)left;
}

static void tick(void *state, struct ui *ui)
{
    struct notes *n = state;
    int64_t slide = n->link.state.slide;
    enum link_event event = link_look(&n->link, ui->now);
    if (event == LINK_ENDED || event == LINK_BEGAN)
        n->ended = event == LINK_ENDED;
    if (event == LINK_NEWS && slide != n->link.state.slide)
        n->scroll = 0;
    if (event == LINK_BEGAN && n->link.others > 0)
        snprintf(n->message, sizeof n->message,
                 ngettext("%d other presentation runs: w follows it",
                          "%d other presentations run: w follows them",
                          (unsigned long)n->link.others),
                 n->link.others);
    ui->quiet = event == LINK_NOTHING && n->link.fd < 0 && !n->link.trouble;
}

static void free_notes(void *state)
{
    struct notes *n = state;
    link_fini(&n->link);
    free(n);
}

static const struct screen_ops ops = {
    .draw = draw, .keys = keys, .act = act, .wait = wait_for, .tick = tick, .free = free_notes};

struct notes *notes_push(struct ui *ui, int pid)
{
    struct notes *n = xcalloc(1, sizeof *n);
    struct err e = {0};
    n->ui = ui;
    if (link_init(&n->link, pid, &e) < 0)
        say(n, e.message);
    ui_push(ui, &ops, n);
    return n;
}

void notes_show(struct notes *n, const struct wire_state *s)
{
    struct buf message = {0};
    struct err e = {0};
    wire_write(s, &message);
    n->link.had = wire_read(&message, &n->link.state, &e) > 0;
    buf_fini(&message);
}
