#include "next.h"

#include <string.h>

static int is_over(const struct catalogue *c, const unsigned char *states, const char *id)
{
    for (size_t i = 0; i < c->nlessons; i++)
        if (!strcmp(c->lessons[i]->id, id))
            return states[i] == NEXT_OVER;
    return 1;
}

static int is_ready(const struct catalogue *c, const unsigned char *states, const struct lesson *l)
{
    for (size_t i = 0; i < l->nneeds; i++)
        if (!is_over(c, states, l->needs[i]))
            return 0;
    return 1;
}

int next_lesson(const struct catalogue *c, const unsigned char *states)
{
    for (int ready = 1; ready >= 0; ready--)
        for (int level = LEVEL_CORE; level <= LEVEL_DEEP; level++)
            for (size_t i = 0; i < c->nlessons; i++)
                if (states[i] == NEXT_NEW && (int)c->lessons[i]->level == level &&
                    (!ready || is_ready(c, states, c->lessons[i])))
                    return (int)i;
    return -1;
}
