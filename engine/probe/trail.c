/* What is known of a step only while or after it is made; the rest of the trail is written by
 * trail_note(). */
#include "probe.h"

static struct trail *now(void)
{
    return S->depth && S->depth < NODES ? &S->trail[S->depth - 1] : NULL;
}

void trail_chosen(void)
{
    struct trail *r = now();
    if (r)
        r->chosen = true;
}

void trail_unheard(void)
{
    struct trail *r = now();
    if (r)
        r->unheard = 1;
}
