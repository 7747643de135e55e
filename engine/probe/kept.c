/* What the host is shown of a search under way: schedules for its tree, and how much is done. */
#include "probe.h"

/* Every other one goes, so that those left stand evenly in the search. */
static void drop_half(void)
{
    uint32_t n = 0, at = 0;
    for (uint32_t i = 0; i < A->nkept; i += 2) {
        struct arena_kept k = A->kept[i];
        memmove(A->kept_choices + at, A->kept_choices + k.at, k.n * sizeof *A->kept_choices);
        memmove(A->kept_options + at, A->kept_options + k.at, k.n);
        k.at = at;
        at += k.n;
        A->kept[n++] = k;
    }
    A->nkept = n;
    A->nkept_choices = at;
    A->kept_every *= 2;
}

static unsigned options_of_step(uint32_t depth)
{
    unsigned n = 0;
    if (A->strategy == SEARCH_RANDOM)
        return depth < NODES && S->ntasks <= 64
                   ? (unsigned)__builtin_popcountll(S->trail[depth].enabled)
                   : 0;
    for (unsigned w = 0; w < SET_WORDS && depth < S->nnodes; w++)
        n += (unsigned)__builtin_popcountll(S->nodes[depth].enabled.w[w]);
    return n;
}

/* Also of the choice after a step: whom it wakes, which value it gets. */
static void write_options(uint8_t *options, uint32_t n)
{
    uint32_t depth = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool alternative = A->choices[i] & CHOICE_ALT;
        unsigned k = alternative ? 0 : options_of_step(depth++);
        if (alternative && A->strategy != SEARCH_RANDOM && depth && depth <= S->nnodes)
            k = S->nodes[depth - 1].nalt;
        options[i] = (uint8_t)(k < UINT8_MAX ? k : UINT8_MAX);
    }
}

void kept_add(uint32_t outcome)
{
    uint32_t n = S->nchoices < ARENA_FORCED ? S->nchoices : ARENA_FORCED;
    if (!A->kept_every)
        A->kept_every = 1;
    if ((A->executions - 1) % A->kept_every || n > ARENA_KEPT_CHOICES / 2)
        return;
    search_changing();
    while (A->nkept == ARENA_KEPT || A->nkept_choices + n > ARENA_KEPT_CHOICES)
        drop_half();
    if ((A->executions - 1) % A->kept_every == 0) {
        memcpy(A->kept_choices + A->nkept_choices, A->choices, n * sizeof *A->choices);
        write_options(A->kept_options + A->nkept_choices, n);
        A->kept[A->nkept++] = (struct arena_kept){A->nkept_choices, n, outcome};
        A->nkept_choices += n;
    }
    search_changed();
}

static unsigned members(const struct taskset *s)
{
    unsigned n = 0;
    for (unsigned w = 0; w < SET_WORDS; w++)
        n += (unsigned)__builtin_popcountll(s->w[w]);
    return n;
}

/* Were the branches below a node alike, each of b would hold 1/b of what is below it: the sum over
 * all that is done is how much of the tree that is. Knuth, Estimating the efficiency of backtrack
 * programs (1975); summed along a depth-first search: Kilby, Slaney, Thiebaux and Walsh, Estimating
 * search tree size (AAAI 2006), the weighted backtrack estimator. With dpor branches are added as
 * the search goes on, so at first too little is expected. */
void kept_part(void)
{
    uint64_t share = ARENA_WHOLE, part = S->done ? ARENA_WHOLE : 0;
    for (uint32_t d = 0; d < S->nnodes && share; d++) {
        const struct node *n = &S->nodes[d];
        struct taskset all;
        for (unsigned w = 0; w < SET_WORDS; w++)
            all.w[w] = (n->backtrack.w[w] & n->enabled.w[w] & ~n->sleep.w[w]) | n->done.w[w];
        set_add(&all, n->task);
        share /= members(&all);
        part += share * members(&n->done);
        if (n->nalt > 1) {
            share /= n->nalt;
            part += share * n->alt;
        }
    }
    A->part = part;
    A->part_wanted = 0;
}
