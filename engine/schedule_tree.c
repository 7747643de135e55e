#include "schedule_tree.h"

#include "outcome_map.h"

#include <stdlib.h>
#include <string.h>

/* ---- building ---- */
static uint32_t new_node(struct schedule_tree *t, uint32_t parent)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 64;
        t->nodes = xrealloc(t->nodes, t->cap, sizeof *t->nodes);
    }
    t->nodes[t->n] = (struct tree_node){
        .parent = parent, .child = TREE_NONE, .last_child = TREE_NONE, .sibling = TREE_NONE};
    return (uint32_t)t->n++;
}

static void add_child(struct schedule_tree *t, uint32_t parent, uint32_t child)
{
    struct tree_node *p = &t->nodes[parent];
    if (p->child == TREE_NONE)
        p->child = child;
    else
        t->nodes[p->last_child].sibling = child;
    p->last_child = child;
    p->children++;
}

/* The rest of a node, from choice `at` on, becomes its only child. */
static void split(struct schedule_tree *t, uint32_t node, uint32_t at, uint32_t step)
{
    uint32_t rest = new_node(t, node);
    struct tree_node *n = &t->nodes[node], *r = &t->nodes[rest];
    *r = *n;
    r->parent = node;
    r->sibling = TREE_NONE;
    r->from = at;
    r->step = step;
    for (uint32_t c = r->child; c != TREE_NONE; c = t->nodes[c].sibling)
        t->nodes[c].parent = rest;
    n->to = at;
    n->ends = 0;
    n->child = n->last_child = TREE_NONE;
    n->children = 0;
    add_child(t, node, rest);
}

static uint32_t new_leaf(struct schedule_tree *t, uint32_t parent, uint32_t kept, uint32_t from,
                         uint32_t to, uint32_t step)
{
    uint32_t leaf = new_node(t, parent);
    struct tree_node *n = &t->nodes[leaf];
    n->example = kept;
    n->from = from;
    n->to = to;
    n->step = step;
    if (parent != TREE_NONE)
        add_child(t, parent, leaf);
    return leaf;
}

static uint32_t child_with(const struct schedule_tree *t, const struct explore_result *r,
                           uint32_t node, uint16_t choice)
{
    uint32_t c = t->nodes[node].child;
    while (c != TREE_NONE && r->kept[t->nodes[c].example].choices[t->nodes[c].from] != choice)
        c = t->nodes[c].sibling;
    return c;
}

static int is_wrong(const struct explore_result *r, uint32_t outcome)
{
    if (outcome >= r->noutcomes)
        return 0;
    const struct explore_outcome *o = &r->outcomes[outcome];
    return o->deadlock || o->livelock || o->signal || o->exit_status > 0;
}

static void count(struct tree_node *n, uint32_t outcome, int wrong)
{
    uint16_t i = 0;
    n->executions++;
    n->wrong += (uint32_t)wrong;
    while (i < n->noutcomes && i < TREE_OUTCOMES && n->outcomes[i] != outcome)
        i++;
    if (i < TREE_OUTCOMES)
        n->outcomes[i] = outcome;
    if (i == n->noutcomes)
        n->noutcomes++;
}

/* Along a node as far as both go the same way; *step counts the steps. */
static uint32_t along(const struct tree_node *n, const uint16_t *example, const uint16_t *choices,
                      uint32_t len, uint32_t *step)
{
    uint32_t at = n->from;
    for (*step = n->step; at < n->to && at < len && example[at] == choices[at]; at++)
        *step += !(choices[at] & CHOICE_ALT);
    return at;
}

static void add(struct schedule_tree *t, const struct explore_result *r, uint32_t kept)
{
    const struct explore_kept *k = &r->kept[kept];
    int wrong = is_wrong(r, k->outcome);
    uint32_t node = t->n ? 0 : new_leaf(t, TREE_NONE, kept, 0, k->n, 0);
    for (;;) {
        uint32_t step, example = t->nodes[node].example;
        uint32_t at = along(&t->nodes[node], r->kept[example].choices, k->choices, k->n, &step);
        if (at < t->nodes[node].to)
            split(t, node, at, step);
        count(&t->nodes[node], k->outcome, wrong);
        if (at == k->n) {
            t->nodes[node].ends++;
            return;
        }
        uint32_t next = child_with(t, r, node, k->choices[at]);
        node = next != TREE_NONE ? next : new_leaf(t, node, kept, at, k->n, step);
    }
}

static void forget(struct schedule_tree *t)
{
    t->n = t->added = 0;
    t->left = 0;
    t->left_at = t->left_step = 0;
}

int schedule_tree_update(struct schedule_tree *t, const struct explore_result *r)
{
    int changed = t->added != r->nkept;
    if (t->every != r->kept_every || t->starts != r->starts || t->added > r->nkept) {
        changed = t->added || r->nkept;
        forget(t);
    }
    t->every = r->kept_every;
    t->starts = r->starts;
    while (t->added < r->nkept)
        add(t, r, (uint32_t)t->added++);
    return changed;
}

void schedule_tree_fini(struct schedule_tree *t)
{
    free(t->nodes);
    *t = (struct schedule_tree){0};
}

/* ---- folding ---- */
uint32_t schedule_tree_next(const struct schedule_tree *t, uint32_t node, unsigned *depth)
{
    unsigned none = 0, *d = depth ? depth : &none;
    if (node >= t->n)
        return TREE_NONE;
    if (t->nodes[node].open && t->nodes[node].child != TREE_NONE) {
        ++*d;
        return t->nodes[node].child;
    }
    while (node != TREE_NONE && t->nodes[node].sibling == TREE_NONE) {
        node = t->nodes[node].parent;
        --*d;
    }
    return node == TREE_NONE ? TREE_NONE : t->nodes[node].sibling;
}

void schedule_tree_unfold(struct schedule_tree *t, unsigned levels)
{
    unsigned depth = 0;
    for (size_t i = 0; i < t->n; i++)
        t->nodes[i].open = 0;
    for (uint32_t n = 0; n < t->n; n = schedule_tree_next(t, n, &depth))
        t->nodes[n].open = depth < levels;
}

void schedule_tree_reveal(struct schedule_tree *t, uint32_t node)
{
    while (node < t->n && (node = t->nodes[node].parent) != TREE_NONE)
        t->nodes[node].open = 1;
}

void schedule_tree_follow(struct schedule_tree *t, const struct explore_result *r,
                          const uint16_t *choices, size_t n)
{
    uint32_t node = 0, step = 0, at = 0;
    for (size_t i = 0; i < t->n; i++)
        t->nodes[i].here = 0;
    t->left = 0;
    t->left_at = TREE_NONE;
    t->left_step = 0;
    while (n && node < t->n) {
        struct tree_node *x = &t->nodes[node];
        at = along(x, r->kept[x->example].choices, choices, (uint32_t)n, &step);
        x->here = 1;
        t->left_at = node;
        t->left_step = step;
        if (at < x->to || at == n)
            break;
        node = child_with(t, r, node, choices[at]);
    }
    t->left = at < n;
}

/* ---- what is at a node ---- */
uint16_t schedule_tree_choice(const struct schedule_tree *t, const struct explore_result *r,
                              uint32_t node)
{
    const struct tree_node *n = &t->nodes[node];
    const struct explore_kept *k = &r->kept[n->example];
    return n->from < k->n ? k->choices[n->from] : 0;
}

unsigned schedule_tree_options(const struct schedule_tree *t, const struct explore_result *r,
                               uint32_t node)
{
    const struct tree_node *n = &t->nodes[node];
    const struct explore_kept *k = &r->kept[n->example];
    return n->to < k->n ? k->options[n->to] : 0;
}

/* Of what a schedule needs besides its choices, all executions of the search have the same. */
void schedule_tree_schedule(const struct schedule_tree *t, const struct explore_result *r,
                            uint32_t node, struct schedule *out)
{
    const struct explore_kept *k = &r->kept[t->nodes[node].example];
    if (r->noutcomes)
        schedule_copy(out, &r->outcomes[0].schedule);
    out->n = 0;
    for (uint32_t i = 0; i < k->n; i++)
        schedule_add(out, k->choices[i], CHECK_UNKNOWN);
}

/* ---- in words ---- */
void schedule_tree_say_branch(const struct schedule_tree *t, const struct explore_result *r,
                              uint32_t node, struct buf *out)
{
    uint16_t c = schedule_tree_choice(t, r, node);
    uint32_t step = t->nodes[node].step;
    if (node == 0)
        buf_puts(out, _("from the start"));
    else if (c & CHOICE_ALT)
        buf_printf(out, _("answer %u at step %u"), (unsigned)(c & (CHOICE_ALT - 1)) + 1, step);
    else
        buf_printf(out, _("T%u at step %u"), c, step + 1);
}

void schedule_tree_say_steps(const struct schedule_tree *t, const struct explore_result *r,
                             uint32_t node, size_t runs, struct buf *out)
{
    const struct tree_node *n = &t->nodes[node];
    const uint16_t *choices = r->kept[n->example].choices;
    size_t shown = 0;
    for (uint32_t i = n->from, k; i < n->to; i += k) {
        for (k = 1; i + k < n->to && choices[i + k] == choices[i];)
            k++;
        if (choices[i] & CHOICE_ALT)
            continue;
        if (shown++ == runs) {
            buf_puts(out, " …");
            return;
        }
        buf_puts(out, shown > 1 ? ", " : "");
        buf_printf(out, ngettext("T%u %u step", "T%u %u steps", k), choices[i], k);
    }
}

void schedule_tree_say_ends(const struct schedule_tree *t, const struct explore_result *r,
                            uint32_t node, struct buf *out)
{
    const struct tree_node *n = &t->nodes[node];
    if (n->noutcomes > TREE_OUTCOMES)
        buf_printf(out, _("more than %d outcomes"), TREE_OUTCOMES);
    else if (n->noutcomes > 1)
        buf_printf(out, _("%u outcomes"), n->noutcomes);
    else if (n->noutcomes && n->outcomes[0] < r->noutcomes)
        outcome_say(&r->outcomes[n->outcomes[0]], out);
}

void schedule_tree_say_sample(const struct schedule_tree *t, const struct explore_result *r,
                              struct buf *out)
{
    unsigned long long kept = t->added, all = r->executions;
    if (t->every > 1 || kept < all)
        buf_printf(out,
                   _("A sample: %llu of %llu executions, one in %u. What is not here may have been "
                     "tried all the same."),
                   kept, all, t->every);
    else
        buf_printf(out,
                   ngettext("The only execution of the search.",
                            "All %llu executions of the search.", kept),
                   kept);
}

static void outline_number(const struct schedule_tree *t, uint32_t node, struct buf *out)
{
    uint32_t path[64], n = 0;
    for (uint32_t i = node; i && i != TREE_NONE && n < 64; i = t->nodes[i].parent) {
        uint32_t place = 1;
        for (uint32_t c = t->nodes[t->nodes[i].parent].child; c != i; c = t->nodes[c].sibling)
            place++;
        path[n++] = place;
    }
    while (n--)
        buf_printf(out, n ? "%u." : "%u", path[n]);
    buf_puts(out, node ? " " : "");
}

static void say_line(const struct schedule_tree *t, const struct explore_result *r, uint32_t node,
                     struct buf *out)
{
    const struct tree_node *n = &t->nodes[node];
    outline_number(t, node, out);
    schedule_tree_say_branch(t, r, node, out);
    buf_puts(out, ": ");
    buf_printf(out, ngettext("%u execution", "%u executions", n->executions), n->executions);
    buf_puts(out, "; ");
    schedule_tree_say_ends(t, r, node, out);
    if (n->wrong) {
        buf_puts(out, "; ");
        buf_printf(
            out, ngettext("%u of them ends as a finding", "%u of them end as a finding", n->wrong),
            n->wrong);
    }
    if (n->here)
        buf_printf(out, "; %s", _("your run goes here"));
    if (n->children && !n->open) {
        buf_puts(out, "; ");
        buf_printf(out, ngettext("%u branch, folded", "%u branches, folded", n->children),
                   n->children);
    }
    buf_puts(out, "\n");
}

void schedule_tree_text(const struct schedule_tree *t, const struct explore_result *r, size_t rows,
                        struct buf *out)
{
    size_t shown = 0;
    for (uint32_t n = 0; n < t->n; n = schedule_tree_next(t, n, NULL)) {
        if (rows && shown++ == rows) {
            buf_puts(out, "…\n");
            break;
        }
        say_line(t, r, n, out);
    }
    schedule_tree_say_sample(t, r, out);
    buf_puts(out, "\n");
}
