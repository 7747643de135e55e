/* random LOCKSTEP FOLDER [-s SEED] [-n PROGRAMS] [-l EXECUTIONS] [-r REPLAYS] [-f RUNS] [-p] [-k]
 * Make random programs from seeds SEED, SEED+1, ...; search each by plain enumeration and by dpor
 * and compare; shrink what differs and print it. -p prints the program of SEED only; -k goes on
 * after a difference. Exit status 0: none differs, 1: some do. */
#include "random.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 40 };

struct totals {
    int same, over, differ;
};

/* ---- shrinking: leave out what the difference does not need ---- */
static int still_differs(const struct tools *t, const struct random_program *p)
{
    char why[8192] = "";
    if (compare_build(t, p, 1, "shrink") || (t->native_runs && free_build(t, "shrink")))
        return 0;
    enum verdict v = compare_run(t, "shrink", 0, why, sizeof why);
    return v == DIFFERS || v == BROKEN;
}

static void without_op(struct random_program *p, int t, int i)
{
    memmove(&p->ops[t][i], &p->ops[t][i + 1], (size_t)(p->nops[t] - i - 1) * sizeof p->ops[0][0]);
    p->nops[t]--;
}

static void without_thread(struct random_program *p, int t)
{
    for (int i = t; i + 1 < p->nthreads; i++) {
        memcpy(p->ops[i], p->ops[i + 1], sizeof p->ops[0]);
        p->nops[i] = p->nops[i + 1];
    }
    p->nthreads--;
    p->detached = p->detached == t ? 0 : p->detached > t ? p->detached - 1 : p->detached;
}

static int keep_if(const struct tools *t, struct random_program *p,
                   const struct random_program *smaller)
{
    if (!still_differs(t, smaller))
        return 0;
    *p = *smaller;
    return 1;
}

static int shrink_once(const struct tools *tools, struct random_program *p)
{
    int any = 0;
    for (int t = p->nthreads - 1; t > 0 && p->nthreads > 2; t--) {
        struct random_program q = *p;
        without_thread(&q, t);
        any |= keep_if(tools, p, &q);
    }
    for (int t = 0; t < p->nthreads; t++)
        for (int i = p->nops[t] - 1; i >= 0; i--) {
            struct random_program q = *p;
            without_op(&q, t, i);
            any |= keep_if(tools, p, &q);
        }
    struct random_program q = *p;
    q.detached = q.leaves = 0;
    if (p->detached || p->leaves)
        any |= keep_if(tools, p, &q);
    return any;
}

static void tell_difference(const struct tools *t, struct random_program *p, const char *why)
{
    char again[8192] = "";
    printf("\nseed %llu:\n%s", (unsigned long long)p->seed, why);
    fflush(stdout);
    while (shrink_once(t, p))
        ;
    if (compare_build(t, p, 1, "shrink") == 0) {
        if (t->native_runs)
            free_build(t, "shrink");
        compare_run(t, "shrink", 0, again, sizeof again);
    }
    printf("shrunk:\n%s", again);
    program_print(stdout, p);
    fflush(stdout);
}

static void run_batch(const struct tools *t, struct random_program *p, int n, struct totals *sum)
{
    char why[8192];
    if (compare_build(t, p, n, "batch") || (t->native_runs && free_build(t, "batch")))
        exit(2);
    for (int k = 0; k < n; k++) {
        why[0] = '\0';
        enum verdict v = compare_run(t, "batch", k, why, sizeof why);
        sum->same += v == SAME;
        sum->over += v == PASSED_OVER;
        if (v != DIFFERS && v != BROKEN)
            continue;
        sum->differ++;
        tell_difference(t, &p[k], why);
    }
}

int main(int argc, char **argv)
{
    struct tools t = {.limit = 200000, .replays = 4};
    uint64_t seed = 1;
    int programs = 100, print = 0, keep_going = 0;
    for (int c; (c = getopt(argc, argv, "s:n:l:r:f:a:pk")) != -1;) {
        switch (c) {
        case 's':
            seed = strtoull(optarg, NULL, 0);
            break;
        case 'n':
            programs = atoi(optarg);
            break;
        case 'l':
            t.limit = atol(optarg);
            break;
        case 'r':
            t.replays = atoi(optarg);
            break;
        case 'f':
            t.native_runs = atoi(optarg);
            break;
        case 'a':
            snprintf(t.options, sizeof t.options, "--adversity='%s'", optarg);
            break;
        case 'p':
            print = 1;
            break;
        case 'k':
            keep_going = 1;
            break;
        default:
            return 2;
        }
    }
    if (print) {
        struct random_program p;
        program_make(&p, seed);
        program_write(stdout, &p, 1);
        return 0;
    }
    if (argc - optind != 2) {
        fputs("usage: random [-s SEED] [-n PROGRAMS] [-l EXECUTIONS] [-r REPLAYS] [-f RUNS] [-p] "
              "[-k] LOCKSTEP FOLDER\n",
              stderr);
        return 2;
    }
    t.lockstep = argv[optind];
    t.folder = argv[optind + 1];
    struct totals sum = {0};
    for (int done = 0; done < programs && (keep_going || !sum.differ); done += BATCH) {
        static struct random_program p[BATCH];
        int n = programs - done < BATCH ? programs - done : BATCH;
        for (int k = 0; k < n; k++)
            program_make(&p[k], seed + (uint64_t)(done + k));
        run_batch(&t, p, n, &sum);
    }
    printf("%d programs the same, %d passed over as too large, %d differ\n", sum.same, sum.over,
           sum.differ);
    return sum.differ != 0;
}
