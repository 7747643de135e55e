/* View of the step screen: two accesses side by side, and why nothing orders them or what does. */
#include "step_internal.h"

#include "explain.h"
#include "views.h"

#include <stdio.h>
#include <string.h>

enum { TEXT = 200, CARD_ROWS = 5 };

/* The pair at the step looked at: following it back and forth costs something, so it is kept. */
static const struct order_pair *pair_at(struct step *s)
{
    struct views *k = views_of(s);
    if (!k->has_pair || k->pair_step != s->cursor || k->pair_events != s->trace->nevents ||
        k->pair_cuts != s->trace->ncuts) {
        order_pair(&k->pair, s->trace, s->view, s->cursor);
        k->has_pair = 1;
        k->pair_step = s->cursor;
        k->pair_events = s->trace->nevents;
        k->pair_cuts = s->trace->ncuts;
    }
    return &k->pair;
}

static void held_words(struct step *s, const struct order_pair *p, int which, char *out, size_t n)
{
    size_t at = 0;
    char name[64];
    out[0] = 0;
    for (uint32_t i = 0; i < p->nheld[which] && at < n; i++) {
        object_name(s, p->held[which][i], 0, name, sizeof name);
        at += (size_t)snprintf(out + at, n - at, "%s%s", i ? ", " : "", name);
    }
}

/* A line of source that is at hand. */
static void draw_code(struct step *s, struct canvas *c, struct rect r, int y, const struct place *p)
{
    for (int i = 0; p->line && i < s->nsources; i++)
        if (!strcmp(s->sources[i].path, p->file))
            source_draw(&s->sources[i], p->line, c, r.x, y, 0, r.w);
}

/* One access: who and when, what, where, with which locks. */
static void draw_card(struct step *s, struct canvas *c, struct rect r, const struct order_pair *p,
                      int which)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    const struct event *e = trace_step(s->trace, which ? p->second : p->first);
    char who[64], text[TEXT], held[TEXT];
    struct place place = {"", "", 0};
    unsigned role = p->answer == ORDER_RACE ? ROLE_BAD : ROLE_RUNNING;
    if (!e)
        return;
    task_label(world_at(s->view, p->second), e->task, names, who, sizeof who);
    snprintf(text, sizeof text, _("step %u: %s"), e->step, who);
    canvas_fit(c, r.x, r.y, r.w, e->step == s->cursor ? role | ATTR_BOLD : ROLE_STRONG, text);
    if (e->step == s->cursor && r.w > 30)
        canvas_text(c, r.x + r.w - 3, r.y, role, "◀");
    explain_operation(e, s->trace, names, text, sizeof text);
    canvas_fit(c, r.x, r.y + 1, r.w, role, text);
    if (e->pc)
        names->place(names->ctx, e->pc - 1, &place);
    const char *slash = strrchr(place.file, '/');
    if (place.line)
        snprintf(text, sizeof text, "%s:%d", slash ? slash + 1 : place.file, place.line);
    else
        *text = 0;
    int x = canvas_fit(c, r.x, r.y + 2, r.w, ROLE_LINE_NUMBER, text);
    draw_code(s, c, (struct rect){r.x + x + 2, r.y, r.w - x - 2, 1}, r.y + 2, &place);
    held_words(s, p, which, held, sizeof held);
    if (*held)
        snprintf(text, sizeof text, _("holds %.150s"), held);
    else
        snprintf(text, sizeof text, "%s", _("holds no lock"));
    canvas_fit(c, r.x, r.y + 3, r.w, *held ? ROLE_NOTE : ROLE_DIM, text);
}

static const char *verdict(const struct order_pair *p)
{
    static const char *const words[] = {
        [ORDER_NO_ACCESS] = N_("no access"),
        [ORDER_ALONE] = N_("nothing conflicts"),
        [ORDER_FAR] = N_("nothing conflicts nearby"),
        [ORDER_BEFORE] = N_("ordered"),
        [ORDER_ATOMIC] = N_("not ordered, both atomic"),
        [ORDER_RACE] = N_("NOT ORDERED"),
    };
    return _(words[p->answer]);
}

/* Side by side where there is width, else below each other. Returns the rows taken. */
static int draw_cards(struct step *s, struct canvas *c, struct rect r, const struct order_pair *p)
{
    int both = p->first != p->second, beside = r.w >= 60;
    struct rect card = {r.x, r.y, beside && both ? r.w / 2 - 2 : r.w, CARD_ROWS};
    struct views *kept = views_of(s);
    kept->cards[0] = card;
    kept->cards[1] = (struct rect){0};
    draw_card(s, c, card, p, 0);
    if (!both)
        return CARD_ROWS;
    struct rect other = card;
    if (beside)
        other.x = r.x + r.w / 2 + 1;
    else
        other.y += CARD_ROWS - 1;
    kept->cards[1] = other;
    draw_card(s, c, other, p, 1);
    unsigned role = p->answer == ORDER_RACE ? ROLE_BAD : ROLE_BORDER;
    for (int i = 0; beside && i < CARD_ROWS - 1; i++)
        canvas_put(c, r.x + r.w / 2 - 1, r.y + i, role,
                   i != 1                      ? L'│'
                   : p->answer == ORDER_BEFORE ? L'▶'
                                               : L'×');
    return beside ? CARD_ROWS : 2 * CARD_ROWS - 1;
}

void draw_order(struct step *s, struct canvas *c, struct rect r)
{
    const struct order_pair *p = pair_at(s);
    const struct names *names = s->port.ops->names(s->port.ctx);
    struct buf text = {0};
    struct rect in = {r.x + 1, r.y, r.w - 2, r.h};
    memset(views_of(s)->cards, 0, sizeof views_of(s)->cards);
    int small = r.w < 60 && r.h < 2 * CARD_ROWS + 3; /* all of it as text that scrolls */
    int cards = p->answer == ORDER_NO_ACCESS || small ? 0 : draw_cards(s, c, in, p);
    in.y += cards;
    in.h -= cards;
    (small ? order_text : order_reason)(s->trace, s->view, names, p, &text);
    int *skip = &s->scroll[PANEL_ORDER], lines = text_lines(in.w, text.data);
    if (*skip > lines - in.h)
        *skip = lines > in.h ? lines - in.h : 0;
    const char *end = strchr(text.data, '\n');
    size_t first = end ? (size_t)(end - text.data) : text.len;
    struct span spans[2] = {{0, first,
                             p->answer == ORDER_RACE     ? ROLE_BAD
                             : p->answer == ORDER_BEFORE ? ROLE_GOOD
                                                         : ROLE_TEXT},
                            {first, text.len - first, ROLE_TEXT}};
    if (in.h > 0)
        text_wrap(c, in, *skip, ROLE_TEXT, text.data, spans, 2);
    struct rect clip = canvas_clip(c, s->layout.at[PANEL_ORDER]);
    panel_head(c, s->layout.at[PANEL_ORDER], panel_title(PANEL_ORDER),
               lines - *skip > in.h ? _("more ↓") : verdict(p), s->focus == PANEL_ORDER);
    c->clip = clip;
    buf_fini(&text);
}
