/* The lists of the search screen and their cursors. */
#include "finder_internal.h"

size_t finder_rows(const struct finder *x, enum finder_view view)
{
    size_t n = 0;
    if (!x->r)
        return 0;
    if (view == VIEW_OUTCOMES)
        return x->map.n;
    if (view == VIEW_FINDINGS)
        return x->r->nfindings;
    for (uint32_t node = 0; node < x->tree.n; node = schedule_tree_next(&x->tree, node, NULL))
        n++;
    return n;
}

static size_t row_of_node(const struct finder *x, uint32_t wanted)
{
    size_t row = 0;
    for (uint32_t n = 0; n < x->tree.n && n != wanted; n = schedule_tree_next(&x->tree, n, NULL))
        row++;
    return row;
}

static uint32_t node_of_row(const struct finder *x, size_t row)
{
    uint32_t n = 0;
    while (row-- && n < x->tree.n)
        n = schedule_tree_next(&x->tree, n, NULL);
    return n < x->tree.n ? n : 0;
}

void finder_to(struct finder *x, size_t row)
{
    size_t n = finder_rows(x, x->view);
    x->at[x->view] = n && row >= n ? n - 1 : row;
    if (x->view == VIEW_OUTCOMES && x->at[x->view] < x->map.n)
        x->outcome = x->map.rows[x->at[x->view]].outcome;
    else if (x->view == VIEW_TREE)
        x->node = node_of_row(x, x->at[x->view]);
}

void finder_move(struct finder *x, long by)
{
    long to = (long)x->at[x->view] + by;
    finder_to(x, to < 0 ? 0 : (size_t)to);
}

void finder_keep_place(struct finder *x)
{
    size_t row = 0;
    while (row < x->map.n && x->map.rows[row].outcome != x->outcome)
        row++;
    /* Nobody has moved it: it stays at the top. */
    if (!x->at[VIEW_OUTCOMES] || row == x->map.n)
        row = 0;
    x->at[VIEW_OUTCOMES] = row;
    x->outcome = x->map.n ? x->map.rows[row].outcome : 0;
    if (x->node >= x->tree.n)
        x->node = 0;
    x->at[VIEW_TREE] = row_of_node(x, x->node);
    size_t findings = x->r ? x->r->nfindings : 0;
    if (x->at[VIEW_FINDINGS] >= findings)
        x->at[VIEW_FINDINGS] = findings ? findings - 1 : 0;
}

void finder_unfold(struct finder *x)
{
    if (x->view != VIEW_TREE || x->node >= x->tree.n)
        return;
    x->tree.nodes[x->node].open = 1;
    x->folded = 1;
}

void finder_fold(struct finder *x)
{
    if (x->view != VIEW_TREE || x->node >= x->tree.n)
        return;
    struct tree_node *n = &x->tree.nodes[x->node];
    x->folded = 1;
    if (n->open && n->child != TREE_NONE)
        n->open = 0;
    else if (n->parent != TREE_NONE)
        x->node = n->parent;
    x->at[VIEW_TREE] = row_of_node(x, x->node);
}

/* The levels shown: 1, 2, 3, 4, all, and again. */
void finder_next_level(struct finder *x)
{
    enum { LEVELS = 4, ALL = 1000000 };
    x->levels = x->levels < LEVELS ? x->levels + 1 : x->levels == LEVELS ? ALL : 1;
    schedule_tree_unfold(&x->tree, x->levels);
    x->folded = 0;
    for (uint32_t up = x->node; up < x->tree.n && up; up = x->tree.nodes[up].parent)
        if (!x->tree.nodes[x->tree.nodes[up].parent].open)
            x->node = x->tree.nodes[up].parent;
    x->at[VIEW_TREE] = row_of_node(x, x->node);
}

void finder_mark_run(struct finder *x, int to_it)
{
    const struct schedule *run = x->step->port.ops->schedule(x->step->port.ctx);
    if (!x->r)
        return;
    schedule_tree_follow(&x->tree, x->r, run->choices, run->n);
    if (!to_it || x->tree.left_at >= x->tree.n)
        return;
    x->node = x->tree.left_at;
    x->folded = 1;
    schedule_tree_reveal(&x->tree, x->node);
    x->at[VIEW_TREE] = row_of_node(x, x->node);
}
