/* A search is looked at while it runs: what it has found so far, how much is done, the schedules
 * kept for its tree. With the real engine on small programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "explore.h"

/* Two threads that count to the same place, so many rounds each: a tree of which is known that
 * both its sides are alike. */
static const char counting[] = "#include <pthread.h>\n#include <stdio.h>\n"
                               "static int n;\n"
                               "static void *inc(void *arg)\n"
                               "{ (void)arg; for (int i = 0; i < ROUNDS; i++) n++; return 0; }\n"
                               "int main(void)\n"
                               "{ pthread_t a, b;\n"
                               "  pthread_create(&a, 0, inc, 0); pthread_create(&b, 0, inc, 0);\n"
                               "  pthread_join(a, 0); pthread_join(b, 0);\n"
                               "  printf(\"%d\\n\", n); return 0; }\n";
/* One task makes no step and no end. */
static const char stuck[] = "#include <pthread.h>\n"
                            "static void *spin(void *arg)\n"
                            "{ (void)arg; for (volatile int i = 0;; i++) i = 0; return 0; }\n"
                            "int main(void)\n"
                            "{ pthread_t a; pthread_create(&a, 0, spin, 0);\n"
                            "  pthread_join(a, 0); return 0; }\n";

static struct program *build(const char *text, int rounds)
{
    const char *dir = getenv("TMPDIR");
    char *path = xasprintf("%s/program_%d_%d.c", dir ? dir : "/tmp", (int)getpid(), rounds);
    struct program *p;
    struct err e = {0};
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "#define ROUNDS %d\n%s", rounds, text);
    fclose(f);
    if (program_build(&p, &path, 1, NULL, 0, &e))
        fail_msg("%s", e.message);
    remove(path);
    free(path);
    return p;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct seen {
    struct explore_result so_far;
    int looks, stop_after;
    int torn;              /* looks in a row at which something was being written all the time */
    double part, expected; /* the last part; the first estimate with a fifth done */
};

static int look(void *ctx, struct explore_look *l)
{
    struct seen *s = ctx;
    explore_so_far(l, &s->so_far);
    uint64_t sum = 0;
    for (size_t i = 0; i < s->so_far.noutcomes; i++)
        sum += s->so_far.outcomes[i].executions;
    /* The one under way may miss; and an outcome that is being written comes with the next look. */
    s->torn = sum + 1 < s->so_far.executions ? s->torn + 1 : 0;
    assert_in_range(s->torn, 0, 1);
    assert_true(l->part >= 0 && l->part <= 1);
    if (l->part >= 0.2 && s->expected == 0)
        s->expected = (double)l->executions / l->part;
    s->part = l->part;
    s->looks++;
    return s->stop_after && s->looks >= s->stop_after;
}

static void search(struct program *p, enum strategy strategy, struct seen *s,
                   struct explore_result *r)
{
    struct err e = {0};
    struct explore_options o = {.strategy = strategy, .look = look, .ctx = s, .keep = 1};
    if (explore_run(p, &o, r, &e))
        fail_msg("%s", e.message);
}

static void what_was_seen_stays(void **state)
{
    (void)state;
    struct program *p = build(counting, 4);
    struct seen s = {0};
    struct explore_result r;
    search(p, STRATEGY_DFS, &s, &r);
    assert_true(r.complete);
    assert_in_range(s.looks, 1, 100000);
    assert_in_range(s.so_far.noutcomes, 1, r.noutcomes);
    for (size_t i = 0; i < s.so_far.noutcomes; i++) {
        const struct explore_outcome *a = &s.so_far.outcomes[i], *b = &r.outcomes[i];
        assert_int_equal(a->nout, b->nout);
        assert_memory_equal(a->out, b->out, a->nout);
        assert_in_range(b->executions, a->executions, r.executions);
        assert_in_range(a->switches, b->switches, 100);
        assert_in_range(a->schedule.n, 1, 1000);
    }
    assert_in_range(s.so_far.nfindings, 1, r.nfindings + 1);
    assert_string_equal(s.so_far.findings[0].message,
                        "two tasks touch the same place, at least one "
                        "writes, nothing orders them");
    assert_int_equal(s.so_far.findings[0].line, 6);
    /* What a fifth of the tree said of all of it: within a factor of two. */
    assert_true(s.expected > (double)r.executions / 2 && s.expected < (double)r.executions * 2);
    /* More than fit: every so many are kept, evenly. */
    assert_in_range(r.executions, 10001, UINT64_MAX);
    assert_in_range(r.nkept, 5000, 10000);
    assert_int_equal(r.nkept, (r.executions + r.kept_every - 1) / r.kept_every);
    explore_result_fini(&s.so_far);
    explore_result_fini(&r);
    program_free(p);
}

static int compare(const void *a, const void *b)
{
    const struct explore_kept *x = a, *y = b;
    uint32_t n = x->n < y->n ? x->n : y->n;
    int c = memcmp(x->choices, y->choices, n * sizeof *x->choices);
    return c ? c : x->n < y->n ? -1 : x->n > y->n;
}

static void check_kept(struct program *p, enum strategy strategy)
{
    struct seen s = {0};
    struct explore_result r;
    search(p, strategy, &s, &r);
    assert_true(r.complete);
    assert_int_equal(r.nkept, r.executions);
    assert_int_equal(r.kept_every, 1);
    uint64_t *counts = xcalloc(r.noutcomes, sizeof *counts);
    for (size_t i = 0; i < r.nkept; i++) {
        assert_in_range(r.kept[i].outcome, 0, r.noutcomes - 1);
        counts[r.kept[i].outcome]++;
        for (uint32_t k = 0; k < r.kept[i].n; k++) /* main alone, both, main and them: 1 to 3 */
            assert_in_range(r.kept[i].options[k], 1, 3);
    }
    for (size_t i = 0; i < r.noutcomes; i++)
        assert_int_equal(counts[i], r.outcomes[i].executions);
    qsort(r.kept, r.nkept, sizeof *r.kept, compare);
    for (size_t i = 1; i < r.nkept; i++)
        assert_int_not_equal(compare(&r.kept[i - 1], &r.kept[i]), 0);
    free(counts);
    explore_result_fini(&s.so_far);
    explore_result_fini(&r);
}

static void every_execution_is_kept_once(void **state)
{
    (void)state;
    struct program *p = build(counting, 2);
    check_kept(p, STRATEGY_DFS);
    check_kept(p, STRATEGY_DPOR);
    program_free(p);
}

static void it_stops_when_asked(void **state)
{
    (void)state;
    struct program *p = build(counting, 8);
    struct seen s = {.stop_after = 1};
    struct explore_result r;
    double begin = now();
    search(p, STRATEGY_DFS, &s, &r);
    assert_true(now() - begin < 20); /* generous; the bound of the search is 60 */
    assert_false(r.complete);
    assert_string_equal(r.why_not, "it was interrupted");
    assert_in_range(r.executions, 1, UINT64_MAX);
    assert_in_range(r.noutcomes, 1, 100);
    explore_result_fini(&s.so_far);
    explore_result_fini(&r);
    program_free(p);
}

static int at_once(void *ctx, struct explore_look *l)
{
    (void)ctx;
    (void)l;
    return 1;
}

/* A task that makes no step is waited for by the watchdog, not by who wants the search to end. */
static void a_stuck_program_is_left(void **state)
{
    (void)state;
    struct program *p = build(stuck, 0);
    struct explore_options o = {.look = at_once, .stuck_ms = 60000};
    struct explore_result r;
    struct err e = {0};
    double begin = now();
    assert_int_equal(explore_run(p, &o, &r, &e), 0);
    assert_true(now() - begin < 20);
    assert_false(r.complete);
    explore_result_fini(&r);
    program_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_seen_stays),
        cmocka_unit_test(every_execution_is_kept_once),
        cmocka_unit_test(it_stops_when_asked),
        cmocka_unit_test(a_stuck_program_is_left),
    };
    return cmocka_run_group_tests_name("explore", tests, NULL, NULL);
}
