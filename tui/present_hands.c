/* The presentation: counting hands. */
#include "present_internal.h"

static struct hands *hands_now(struct present *p)
{
    return &present_kept(p)->hands;
}

static int choices(const struct present *p)
{
    const struct slide *s = present_slide(p);
    return s && s->kind == SLIDE_QUESTION ? (int)s->question->nchoices : 0;
}

void present_hands_begin(struct present *p, int choice)
{
    if (choice < 0 || choice >= choices(p)) {
        present_say(p, ROLE_NOTE, _("there is no such choice"));
        return;
    }
    p->hand = choice;
    p->mode = PRESENT_HANDS;
    hands_now(p)->count[choice] = 0;
    hands_now(p)->counted = 1;
}

static void save(struct present *p)
{
    struct err e = {0};
    if (hands_save(p->ui->store, present_slide(p), hands_now(p), &e) < 0)
        present_say(p, ROLE_BAD, _("the count is not kept: %s"), e.message);
}

/* To another choice; after the last one counting is done. */
static void move(struct present *p, int by)
{
    save(p);
    if (p->hand + by >= choices(p))
        p->mode = PRESENT_NORMAL;
    else if (p->hand + by >= 0)
        p->hand += by;
}

void present_hands_act(struct present *p, enum action action, const struct input *in)
{
    int *count = &hands_now(p)->count[p->hand];
    switch (action) {
    case ACT_hands_digit:
        if (*count * 10 + in->key - '0' <= HANDS_MOST)
            *count = *count * 10 + in->key - '0';
        break;
    case ACT_hands_rub:
        *count /= 10;
        break;
    case ACT_hands_next:
        move(p, 1);
        break;
    case ACT_hands_before:
        move(p, -1);
        break;
    case ACT_hands_done:
        save(p);
        p->mode = PRESENT_NORMAL;
        break;
    default:
        break;
    }
}
