/* The search screen: the row under the cursor, in full. */
#include "finder_internal.h"

enum { BRANCHES_SHOWN = 12 };

static void say_outcome(const struct finder *x, struct buf *out)
{
    const struct outcome_row *row = &x->map.rows[x->at[VIEW_OUTCOMES]];
    const struct explore_outcome *o = &x->r->outcomes[row->outcome];
    const char *words = row->outcome < x->nswitches ? x->switches[row->outcome] : NULL;
    outcome_say(o, out);
    buf_puts(out, "\n");
    outcome_map_say_row(row, x->r, out);
    if (words && *words)
        buf_printf(out, "\n%s", words);
    else if (!words && !x->job && x->words_job)
        buf_printf(out, "\n%s", "…");
}

static void say_finding(const struct finder *x, struct buf *out)
{
    const struct explore_finding *f = &x->r->findings[x->at[VIEW_FINDINGS]];
    buf_printf(out, "%s", finding_name((unsigned)f->kind));
    if (*f->file && f->line)
        buf_printf(out, ", %s:%d", f->file, f->line);
    buf_puts(out, "\n");
    buf_puts(out, f->message);
}

static void say_branch(const struct finder *x, struct buf *out)
{
    const struct tree_node *n = &x->tree.nodes[x->node];
    unsigned options = schedule_tree_options(&x->tree, x->r, x->node);
    schedule_tree_say_branch(&x->tree, x->r, x->node, out);
    buf_puts(out, ": ");
    buf_printf(out, ngettext("%u execution", "%u executions", n->executions), n->executions);
    buf_puts(out, "; ");
    schedule_tree_say_ends(&x->tree, x->r, x->node, out);
    buf_puts(out, "\n");
    schedule_tree_say_steps(&x->tree, x->r, x->node, BRANCHES_SHOWN, out);
    if (n->children && options > n->children)
        buf_printf(out, _(". Then %u of the %u that could go on are in the tree"), n->children,
                   options);
    if (x->node == 0) {
        buf_puts(out, "\n");
        schedule_tree_say_sample(&x->tree, x->r, out);
    }
    if (x->node == x->tree.left_at && x->tree.left)
        buf_printf(
            out, "\n%s",
            _("Your run goes another way from here: it was not tried, or is one of those that "
              "differ from a tried one only by independent steps."));
}

void finder_draw_detail(const struct finder *x, struct canvas *c, struct rect box)
{
    struct buf text = {0};
    if (box.h < 3)
        return;
    panel_box(c, box, _("This one"), NULL, 0);
    struct rect r = panel_inside(box), before = canvas_clip(c, r);
    if (x->at[x->view] >= finder_rows(x, x->view))
        ;
    else if (x->view == VIEW_OUTCOMES)
        say_outcome(x, &text);
    else if (x->view == VIEW_FINDINGS)
        say_finding(x, &text);
    else
        say_branch(x, &text);
    if (text.len)
        text_wrap(c, (struct rect){r.x + 1, r.y, r.w - 2, r.h}, 0, ROLE_TEXT, text.data, NULL, 0);
    buf_fini(&text);
    c->clip = before;
}
