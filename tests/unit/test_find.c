/* Find it: the step that decides a run and the switches it needed, as the engine knows them, on
 * programs whose answer follows from what they do; and judging what a learner marks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "find.h"

static struct program *build(const char *text)
{
    char path[] = "/tmp/lockstep-find-XXXXXX.c", *files[] = {path};
    struct program *p;
    struct err e = {0};
    int fd = mkstemps(path, 2);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    if (program_build(&p, files, 1, NULL, 0, &e) != 0)
        fail_msg("%s", e.message);
    unlink(path);
    return p;
}

/* A lesson with one find challenge. */
static struct lesson *ask(const char *fields)
{
    struct lesson *l;
    struct err e = {0};
    char *text = xasprintf("---\nid: race/x\ntitle: X\nlevel: core\nminutes: 1\n---\n## A\n"
                           "```challenge find x.c\ntitle: t\ntext: t\nexplain: e\n%s\n"
                           "hint: a\nhint: b\nhint: c\n```\n",
                           fields);
    if (lesson_parse(&l, "x.md", text, strlen(text), &e) != 0)
        fail_msg("%s", e.message);
    free(text);
    return l;
}

static int facts(const char *program, const char *fields, const struct find_options *o,
                 struct find_facts *f, struct err *e)
{
    struct program *p = build(program);
    struct lesson *l = ask(fields);
    int rc = find_facts(p, lesson_challenge_at(l, 0), o, f, e);
    lesson_free(l);
    program_free(p);
    return rc;
}

/* T1 sets it, T2 looks; who comes first decides what is printed. */
static const char order[] =
    "#include <pthread.h>\n#include <stdatomic.h>\n#include <stdio.h>\n"
    "static atomic_int x, seen;\n"
    "static void *set(void *p) { x = 1; return p; }\n"
    "static void *look(void *p) { seen = x; return p; }\n"
    "int main(void) { pthread_t a, b;\n"
    " pthread_create(&a, 0, set, 0); pthread_create(&b, 0, look, 0);\n"
    " pthread_join(a, 0); pthread_join(b, 0); printf(\"%d\\n\", seen); return 0; }\n";

/* Steps: 1, 2 T0 creates; 3 T2 starts; 4 T2 looks: from here on it prints 0. T1 starts after. No
 * switch: T2 goes first when T0 is blocked, and T1 comes when T2 has ended. */
static void the_deciding_step_is_found(void **state)
{
    (void)state;
    struct find_facts f;
    struct err e = {0};
    const char *fields =
        "path: T0 *, T2 *\ngoal: outcome \"0\\n\"\ndecided: T0 *, T2 2\nswitches: 0";
    if (facts(order, fields, NULL, &f, &e) != 0)
        fail_msg("%s", e.message);
    assert_int_equal(f.decided, 4);
    assert_int_equal(f.nnecessary, 0);
    find_fini(&f);
}

/* A switch that does nothing (T1 is stopped right after its start) beside one that matters. */
static void needless_switches_are_told_apart(void **state)
{
    (void)state;
    static const char lost[] =
        "#include <pthread.h>\n#include <stdio.h>\nstatic int n;\n"
        "static void *inc(void *p) { n++; return p; }\n"
        "int main(void) { pthread_t a, b;\n"
        " pthread_create(&a, 0, inc, 0); pthread_create(&b, 0, inc, 0);\n"
        " pthread_join(a, 0); pthread_join(b, 0); printf(\"%d\\n\", n); return 0; }\n";
    struct find_facts f;
    struct find_verdict v;
    struct err e = {0};
    /* steps: 1 2 creates, 3 T1 start, 4 T2 start (needless), 5 T1 read (a switch back: needless
     * too), 6 T2 read (needed), decided there; T2 goes on to its end, then T1 writes */
    const char *fields = "path: T0 *, T1 1, T2 1, T1 1, T2 *, T1 *\ngoal: outcome \"1\\n\"\n"
                         "decided: T0 *, T1 1, T2 1, T1 1, T2 1\nswitches: 1";
    if (facts(lost, fields, NULL, &f, &e) != 0)
        fail_msg("%s", e.message);
    assert_int_equal(f.decided, 6);
    assert_int_equal(f.switches.n, 3);
    assert_int_equal(find_switch(&f, 4), 0);
    assert_int_equal(find_switch(&f, 5), 1);
    assert_int_equal(find_switch(&f, 6), 2);
    assert_int_equal(find_switch(&f, 3), -1); /* T0 was blocked */
    assert_true(f.nnecessary >= 1);
    uint8_t marked[3];
    memcpy(marked, f.necessary, 3);
    find_judge(&f, 6, marked, &v);
    assert_int_equal(v.passed, 1);
    find_judge(&f, 5, marked, &v);
    assert_int_equal(v.passed, 0);
    assert_int_equal(v.decided, FIND_EARLIER);
    find_judge(&f, 9, marked, &v);
    assert_int_equal(v.decided, FIND_LATER);
    for (int i = 0; i < 3; i++)
        marked[i] = !marked[i];
    find_judge(&f, 0, marked, &v);
    assert_int_equal(v.decided, FIND_NOT_MARKED);
    assert_int_equal(v.missed, f.nnecessary);
    assert_int_equal(v.needless, 3 - f.nnecessary);
    struct buf words = {0};
    find_say(&f, &v, &words);
    assert_non_null(strstr(words.data, "No step is marked"));
    buf_fini(&words);
    find_fini(&f);
}

static int stop(void *ctx, uint64_t executions)
{
    return executions >= *(uint64_t *)ctx;
}

static void what_cannot_be_asked_is_told(void **state)
{
    (void)state;
    struct find_facts f;
    struct err e = {0};
    static const char fields[] =
        "path: T0 *, T1 *\ngoal: outcome \"0\\n\"\ndecided: T0 *\nswitches: 0";
    assert_int_equal(facts(order, fields, NULL, &f, &e), -ERR_DATA); /* it prints 1 */
    assert_non_null(strstr(e.message, "does not reach the goal"));
    find_fini(&f);
    static const char always[] = "#include <stdio.h>\nint main(void) { puts(\"0\"); }\n";
    static const char of_main[] = "path: T0 1\ngoal: outcome \"0\\n\"\ndecided: T0 1\nswitches: 0";
    assert_int_equal(facts(always, of_main, NULL, &f, &e), -ERR_DATA);
    assert_non_null(strstr(e.message, "every run"));
    find_fini(&f);
    uint64_t most = 2;
    struct find_options o = {.progress = stop, .ctx = &most};
    static const char ends[] =
        "path: T0 *, T2 *\ngoal: outcome \"0\\n\"\ndecided: T0 *\nswitches: 0";
    assert_int_equal(facts(order, ends, &o, &f, &e), -ERR_INTERRUPTED);
    find_fini(&f);
}

static void bad_blocks_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *block, *part;
    } bad[] = {
        {"```challenge find x.c\ntitle: t\n```\n", "find challenge"},
        {"```challenge find\ntitle: t\n```\n", "needs a program"},
        {"```challenge lose x.c\n```\n", "challenge find FILE"},
        {"```challenge find x.c\nsolution: y.c\n```\n", "solution"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct lesson *l;
        struct err e = {0};
        char *text = xasprintf("---\nid: race/x\ntitle: X\nlevel: core\nminutes: 1\n---\n## A\n%s",
                               bad[i].block);
        assert_int_equal(lesson_parse(&l, "x.md", text, strlen(text), &e), -ERR_DATA);
        if (!strstr(e.message, bad[i].part))
            fail_msg("%s", e.message);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deciding_step_is_found),
        cmocka_unit_test(needless_switches_are_told_apart),
        cmocka_unit_test(what_cannot_be_asked_is_told),
        cmocka_unit_test(bad_blocks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
