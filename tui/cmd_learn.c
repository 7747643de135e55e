/* lockstep, lockstep learn: the lessons, on screens or in lines. */
#include "cmd.h"

#include "locked.h"
#include "plain_lesson.h"
#include "tui.h"

#include <unistd.h>

static int learn_plain(const struct options *o, const struct catalogue *c, struct store *s,
                       const struct lesson *l, struct err *e)
{
    int interactive = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (interactive)
        plain_greet(o);
    int r = l ? plain_lesson(l, s, interactive, e) : plain_home(c, s, interactive, e);
    return r < 0 ? r : 0;
}

static int learn_screens(const struct catalogue *c, struct store *s, const struct lesson *l,
                         struct err *e)
{
    struct tui_options t;
    tui_options_init(&t);
    return l ? tui_lesson(&t, c, s, l->id, e) : tui_home(&t, c, s, e);
}

/* Unless a teacher has locked it. */
static int open_to(struct store *s, const struct lesson *l, struct err *e)
{
    struct buf why = {0};
    int rc = locked_why(s, l, &why) ? err_set(e, ERR_OPEN, "%s: %s", l->id, why.data) : 0;
    buf_fini(&why);
    return rc;
}

int cmd_learn(const struct options *o)
{
    struct catalogue c = {0};
    struct err e = {0};
    const struct lesson *l = NULL;
    int r = open_catalogue(&c, NULL, &e);
    if (r == 0 && o->noperands) {
        l = catalogue_find(&c, o->operands[0]);
        if (!l)
            r = err_set(&e, ERR_NOT_FOUND,
                        _("there is no lesson '%s'; 'lockstep lessons' lists them"),
                        o->operands[0]);
    }
    if (r == 0) {
        struct store *s = open_store();
        r = l ? open_to(s, l, &e) : 0;
        if (r == 0)
            r = use_plain(o) ? learn_plain(o, &c, s, l, &e) : learn_screens(&c, s, l, &e);
        store_close(s);
    }
    catalogue_fini(&c);
    return r < 0 ? cmd_fail(o, &e) : r;
}
