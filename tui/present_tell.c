/* The presentation: what it tells the notes in the second terminal, and what they ask of it. */
#include "present_internal.h"

#include "present_server.h"
#include "present_wire.h"

#include <stdlib.h>
#include <string.h>

static void set(char **text, struct buf *b)
{
    wire_set(text, b->data ? b->data : "");
    b->len = 0;
    if (b->data)
        b->data[0] = 0;
}

static void tell_slides(const struct present *p, struct wire_state *w, struct buf *b)
{
    const struct talk *t = p->talk;
    const struct slide *s = present_slide(p);
    const struct plan_entry *e = s->entry;
    wire_set(&w->plan, t->plan->title);
    talk_line(s, b);
    set(&w->now, b);
    if (p->walk.at + 1 < t->nslides)
        talk_line(s + 1, b);
    set(&w->next, b);
    wire_set(&w->note, e ? e->note : s->kind == SLIDE_COVER ? t->plan->note : "");
    talk_answer(s, b);
    set(&w->answer, b);
    w->minutes = t->minutes;
    size_t n = e ? (size_t)(e - t->plan->entries) : 0;
    for (size_t i = 0; i < n; i++)
        w->from_minute += t->planned[i];
    w->until_minute = e ? w->from_minute + t->planned[n] : 0;
}

static void tell_run(const struct present *p, struct wire_state *w, struct buf *b)
{
    const struct kept *k = present_kept(p);
    int bad;
    if (p->step) {
        buf_printf(b, _("step %u. "), p->step->cursor);
        why_text(p->step, b, &bad);
    } else if (k->trouble)
        buf_printf(b, _("It cannot be shown: %s"), k->trouble);
    else if (p->build)
        buf_puts(b, _("compiling …"));
    set(&w->state, b);
}

static void tell_hands(const struct present *p, struct wire_state *w, struct buf *b)
{
    const struct slide *s = present_slide(p);
    const struct hands *h = &present_kept(p)->hands;
    if (s->kind != SLIDE_QUESTION)
        return;
    w->choices = (int64_t)s->question->nchoices;
    for (int64_t i = 0; i < w->choices && h->counted; i++)
        buf_printf(b, "%s%d", i ? " " : "", h->count[i]);
    set(&w->hands, b);
    wire_set(&w->before, p->before ? p->before : "");
}

/* The whole state as a message. */
static void write_state(const struct present *p, struct buf *out)
{
    struct wire_state w;
    struct buf b = {0};
    wire_init(&w);
    w.slide = (int64_t)p->walk.at;
    w.of = (int64_t)p->talk->nslides - 2;
    w.began_ms = p->walk.begun ? p->walk.t0 : 0;
    w.shown = p->walk.shown;
    w.hints = p->walk.hints;
    w.black = p->walk.black;
    w.counting = p->mode == PRESENT_HANDS ? p->hand + 1 : 0;
    w.elsewhere = present_is_live(p) ? 2 : p->ui->stack[p->ui->depth - 1].state != p;
    wire_set(&w.message, p->message);
    tell_slides(p, &w, &b);
    tell_run(p, &w, &b);
    tell_hands(p, &w, &b);
    wire_write(&w, out);
    wire_fini(&w);
    buf_fini(&b);
}

void present_serve(struct present *p)
{
    struct err e = {0};
    if (!p->talk || p->server || p->no_server || !p->ui->on_terminal)
        return;
    p->server = present_server_start(&e);
    if (!p->server) {
        p->no_server = 1; /* the class need not know: it is said where nothing is shown yet */
        if (p->walk.at == 0)
            present_say(p, ROLE_NOTE, _("no notes in a second terminal: %s"), e.message);
    }
    present_tell_notes(p);
}

void present_tell_notes(struct present *p)
{
    struct buf now = {0};
    if (!p->server)
        return;
    write_state(p, &now);
    if (p->told.len != now.len || memcmp(p->told.data, now.data, now.len) != 0) {
        present_server_tell(p->server, &now);
        buf_fini(&p->told);
        p->told = now;
    } else
        buf_fini(&now);
}

int present_asked_for(struct present *p)
{
    return p->server ? present_server_take(p->server) : 0;
}

int present_server_descriptor(const struct present *p)
{
    return p->server ? present_server_fd(p->server) : -1;
}

void present_serve_end(struct present *p)
{
    present_server_stop(p->server);
    p->server = NULL;
    buf_fini(&p->told);
    free(p->before);
}
