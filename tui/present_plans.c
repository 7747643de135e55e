/* The plans that are found, to choose from. */
#include "present.h"
#include "widgets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct plans {
    struct list list;
    char **paths;
    size_t n;
    char message[2048];
};

static void open_plan(struct plans *s, struct ui *ui, const char *path)
{
    struct err e = {0};
    struct plan *plan;
    if (plan_read(&plan, path, &e) < 0)
        snprintf(s->message, sizeof s->message, "%s", e.message);
    else
        present_push(ui, talk_make(plan, ui->lessons), 0);
}

static void draw(void *state, struct canvas *c)
{
    struct plans *s = state;
    bar_title(c, _("Plans for a class"), "");
    if (s->n)
        list_draw(c, &s->list);
    else
        text_wrap(
            c, (struct rect){2, 2, c->cols - 4, c->rows - 3}, 0, ROLE_TEXT,
            _("No plan was found. A plan is a text file NAME.plan in ~/.config/lockstep/plans: "
              "what a class sees in one hour. lessons/README.md has its words."),
            NULL, 0);
    bar_footer(c, SCREEN_LIST, ACT_NONE);
    message_draw(c, c->rows >= 12 ? c->rows - 2 : -1, ROLE_BAD, s->message);
}

static enum screen_id keys(void *state)
{
    (void)state;
    return SCREEN_LIST;
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct plans *s = state;
    s->message[0] = 0;
    if (action == ACT_list_help) {
        help_push(ui, SCREEN_LIST);
        return;
    }
    if (action == ACT_list_redraw) {
        term_redraw();
        return;
    }
    int took = list_act(&s->list, action, in);
    if (took > 0 && s->list.at < s->list.n)
        open_plan(s, ui, s->paths[s->list.rows[s->list.at].value]);
    else if (took)
        ui_pop(ui);
}

static void free_plans(void *state)
{
    struct plans *s = state;
    plans_free(s->paths, s->n);
    free(s);
}

static const struct screen_ops ops = {.draw = draw, .keys = keys, .act = act, .free = free_plans};

/* "Threads, races and locks   three-lessons.plan"; what cannot be read says so when it is taken. */
static void add_row(struct plans *s, size_t i)
{
    char row[LIST_TEXT];
    struct plan *plan = NULL;
    const char *name = strrchr(s->paths[i], '/') + 1;
    if (plan_read(&plan, s->paths[i], NULL) == 0)
        snprintf(row, sizeof row, "%.60s   %.40s", plan->title, name);
    else
        snprintf(row, sizeof row, "%.100s", name);
    list_add(&s->list, i < 9 ? (int)i + 1 : -1, (long)i, row);
    plan_free(plan);
}

void plans_push(struct ui *ui)
{
    struct plans *s = xcalloc(1, sizeof *s);
    s->n = plans_list(&s->paths);
    list_clear(&s->list, _("Present which plan?"));
    for (size_t i = 0; i < s->n && i < LIST_ROWS; i++)
        add_row(s, i);
    ui_push(ui, &ops, s);
}
