/* lockstep present: a plan or lessons, shown to a class. */
#include "cmd.h"

#include "present_notes.h"
#include "present_plain.h"
#include "store.h"
#include "talk.h"
#include "tui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -------- what is to be shown -------- */

static int ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n >= k && !strcmp(s + n - k, end);
}

/* A single operand that is a plan; else all of them are lessons. */
static int open_plan(const struct options *o, const struct catalogue *c, struct plan **out,
                     struct err *e)
{
    const char *first = o->operands[0];
    if (o->noperands == 1 && !catalogue_find(c, first)) {
        char *path = plan_find(first);
        int rc = path ? plan_read(out, path, e) : 0;
        free(path);
        if (path || rc < 0)
            return rc;
        if (ends_with(first, ".plan") || first[0] == '/' || first[0] == '.')
            return err_set(
                e, ERR_NOT_FOUND,
                _("there is no plan '%s'; 'lockstep present' lists those that are found"), first);
    }
    for (int i = 0; i < o->noperands; i++)
        if (!catalogue_find(c, o->operands[i]))
            return err_set(e, ERR_NOT_FOUND,
                           _("'%s' is neither a plan nor a lesson; 'lockstep lessons' lists the "
                             "lessons, 'lockstep present' the plans"),
                           o->operands[i]);
    *out = plan_of_lessons(o->operands, (size_t)o->noperands);
    return 0;
}

/* -------- without a plan -------- */

static int list_plans(void)
{
    char **paths;
    size_t n = plans_list(&paths);
    for (size_t i = 0; i < n; i++) {
        struct plan *plan;
        struct err e = {0};
        if (plan_read(&plan, paths[i], &e) < 0)
            printf("%s\n", e.message);
        else {
            printf("%s\n    %s\n", plan->title, paths[i]);
            plan_free(plan);
        }
    }
    if (!n)
        puts(_("no plan was found; one is a text file NAME.plan in ~/.config/lockstep/plans, see "
               "lessons/README.md"));
    plans_free(paths, n);
    return out_flush() < 0 ? 1 : 0;
}

static int list_hands(void)
{
    struct store *s = open_store();
    struct store_setting *list = NULL;
    int n = store_settings(s, &list, NULL), shown = 0;
    for (int i = 0; i < n; i++)
        if (!strncmp(list[i].key, "hands ", 6) && ++shown)
            printf("%s: %s\n", list[i].key + 6, list[i].value);
    if (!shown)
        puts(_("no show of hands was kept yet"));
    free(list);
    store_close(s);
    return out_flush() < 0 ? 1 : 0;
}

/* -------- the command -------- */

static int on_screens(const struct options *o, const struct catalogue *c, struct talk *talk,
                      struct err *e)
{
    struct tui_options t;
    size_t at = 0, last = talk->nslides - 1, first = (size_t)o->from;
    struct store *store = open_store();
    tui_options_init(&t);
    int rc = tui_present(&t, c, store, talk, first > last ? last : first, &at, e);
    store_close(store);
    if (rc >= 0 && at > 0 && at < last)
        printf(_("left at slide %zu; to go on from there: lockstep present --from %zu %s\n"), at,
               at, o->operands[0]);
    return rc;
}

static int present(const struct options *o, const struct catalogue *c, struct err *e)
{
    struct plan *plan = NULL;
    int rc = open_plan(o, c, &plan, e);
    if (rc < 0)
        return rc;
    struct talk *talk = talk_make(plan, c);
    struct buf wrong = {0};
    talk_problems(talk, &wrong);
    if (wrong.len)
        fputs(wrong.data, stderr);
    buf_fini(&wrong);
    if (o->check)
        return present_check(talk, e);
    if (!use_plain(o))
        return on_screens(o, c, talk, e);
    struct store *store = open_store();
    rc = present_plain(talk, store, (size_t)o->from, e);
    store_close(store);
    return rc;
}

int cmd_present(const struct options *o)
{
    struct catalogue c = {0};
    struct err e = {0};
    if (o->hands)
        return list_hands();
    if (!o->noperands && !o->notes)
        return list_plans();
    if (o->notes) {
        int status = present_notes(o->noperands ? o->operands[0] : NULL, use_plain(o), &e);
        return status < 0 ? cmd_fail(o, &e) : status;
    }
    int rc = open_catalogue(&c, NULL, &e);
    if (rc == 0)
        rc = present(o, &c, &e);
    catalogue_fini(&c);
    return rc < 0 ? cmd_fail(o, &e) : rc;
}
