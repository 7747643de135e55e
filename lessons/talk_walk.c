/* Walking through the slides of a talk, and the clock. */
#include "talk.h"

#include <limits.h>

static int arrive(struct walk *w, const struct talk *t, size_t slide, int64_t now)
{
    int moved = slide != w->at;
    if (!w->begun && slide > 0) {
        w->begun = 1;
        w->t0 = now;
    }
    w->at = slide < t->nslides ? slide : t->nslides - 1;
    w->part = w->shown = w->hints = w->black = 0;
    return moved;
}

int walk_on(struct walk *w, const struct talk *t, int parts, int64_t now)
{
    const struct slide *s = &t->slides[w->at];
    if (w->black) {
        w->black = 0;
        return 0;
    }
    if (s->kind == SLIDE_QUESTION && !w->shown) {
        w->shown = 1;
        return 0;
    }
    if (w->part < parts - 1) {
        w->part++;
        return 0;
    }
    return w->at + 1 < t->nslides ? arrive(w, t, w->at + 1, now) : 0;
}

int walk_back(struct walk *w, const struct talk *t, int64_t now)
{
    if (w->black) {
        w->black = 0;
        return 0;
    }
    if (w->part > 0) {
        w->part--;
        return 0;
    }
    if (!w->at)
        return 0;
    arrive(w, t, w->at - 1, now);
    w->part = INT_MAX;
    w->shown = 1;
    return 1;
}

int walk_entry(struct walk *w, const struct talk *t, int by, int64_t now)
{
    const struct plan_entry *here = t->slides[w->at].entry;
    size_t i = w->at;
    if (by > 0) {
        while (i + 1 < t->nslides && t->slides[i].entry == here)
            i++;
    } else {
        while (i > 0 && t->slides[i - 1].entry == here)
            i--;
        if (i == w->at && i > 0) /* at the first one already: to the entry before */
            for (i--; i > 0 && t->slides[i - 1].entry == t->slides[i].entry;)
                i--;
    }
    return walk_to(w, t, i, now);
}

int walk_to(struct walk *w, const struct talk *t, size_t slide, int64_t now)
{
    return arrive(w, t, slide, now);
}

/* Minutes planned before the entry of this slide. */
static int planned_before(const struct talk *t, const struct walk *w)
{
    const struct plan_entry *here = t->slides[w->at].entry;
    size_t n = here ? (size_t)(here - t->plan->entries) : w->at ? t->plan->nentries : 0;
    int minutes = 0;
    for (size_t i = 0; i < n; i++)
        minutes += t->planned[i];
    return minutes;
}

enum { MINUTE_MS = 60000 };

void walk_begin(struct walk *w, const struct talk *t, int64_t now)
{
    if (w->begun || !w->at)
        return;
    w->begun = 1;
    w->t0 = now - (int64_t)planned_before(t, w) * MINUTE_MS;
}

struct talk_time talk_clock(const struct talk *t, const struct walk *w, int64_t now)
{
    const struct plan_entry *here = t->slides[w->at].entry;
    struct talk_time time = {.of = t->minutes, .change = -1};
    int before = planned_before(t, w);
    int until = before + (here ? t->planned[here - t->plan->entries] : 0);
    if (!w->begun)
        return time;
    int64_t gone = now > w->t0 ? now - w->t0 : 0;
    time.gone = (int)(gone / MINUTE_MS);
    time.change = MINUTE_MS - gone % MINUTE_MS;
    if (until && time.gone > until)
        time.over = time.gone - until;
    if (before > time.gone + 1)
        time.early = before - time.gone;
    return time;
}
