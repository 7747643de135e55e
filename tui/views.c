/* What the views of the step screen keep from one frame to the next. */
#include "views.h"

#include <stdlib.h>

struct views *views_of(struct step *s)
{
    if (!s->views)
        s->views = xcalloc(1, sizeof *s->views);
    return s->views;
}

void views_free(struct views *v)
{
    if (v)
        memory_log_free(v->memory);
    free(v);
}
