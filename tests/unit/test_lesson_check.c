/* The checker and the judge with the real engine: every lesson is true; false claims are refused;
 * fixes nobody here wrote get the right answer. Needs a C compiler and the probe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "program.h"

static const char *lessons_dir(void)
{
    const char *dir = path_lessons();
    return dir ? dir : "lessons";
}

static struct lesson *read_lesson(const char *dir, const char *id)
{
    struct lesson *l;
    struct err e = {0};
    char *path = xasprintf("%s/%s", dir, id);
    if (lesson_read(&l, path, NULL, &e) != 0)
        fail_msg("%s", e.message);
    free(path);
    return l;
}

/* -------- the lessons there are -------- */

static void every_lesson_is_true(void **state)
{
    struct catalogue c;
    struct err e = {0};
    (void)state;
    assert_int_equal(catalogue_read(&c, lessons_dir(), NULL, &e), 0);
    assert_int_equal(c.nproblems, 0);
    assert_true(c.nlessons >= 6);
    size_t failed = 0;
    for (size_t i = 0; i < c.nlessons; i++) {
        struct check_report r = {0};
        if (check_lesson(c.lessons[i], NULL, &r, &e) != 0)
            fail_msg("%s: %s", c.lessons[i]->id, e.message);
        assert_true(r.n > 0);
        for (size_t k = 0; k < r.n; k++)
            if (!r.results[k].ok)
                fprintf(stderr, "%s:%d: %s: %s\n", r.results[k].file, r.results[k].line,
                        r.results[k].claim, r.results[k].message);
        failed += r.nfailed;
        check_report_fini(&r);
    }
    assert_int_equal(failed, 0);
    catalogue_fini(&c);
}

/* -------- a lesson full of lies -------- */

static char tree[64];

static void put(const char *name, const char *text)
{
    char *path = xasprintf("%s/race/%s", tree, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    free(path);
}

static int setup(void **state)
{
    (void)state;
    strcpy(tree, "/tmp/lockstep-check-XXXXXX");
    if (!mkdtemp(tree))
        return -1;
    char *dir = xasprintf("%s/race", tree);
    int rc = mkdir(dir, 0755);
    free(dir);
    dir = xasprintf("%s/race/x", tree);
    rc |= mkdir(dir, 0755);
    free(dir);
    return rc;
}

static int teardown(void **state)
{
    (void)state;
    char *command = xasprintf("rm -rf '%s'", tree);
    int rc = system(command);
    free(command);
    return rc;
}

static const char counter[] = "#include <pthread.h>\n"
                              "#include <stdio.h>\n"
                              "static int counter;\n"
                              "static void *inc(void *arg)\n"
                              "{\n"
                              "    counter++;\n"
                              "    return arg;\n"
                              "}\n"
                              "int main(void)\n"
                              "{\n"
                              "    pthread_t a, b;\n"
                              "    pthread_create(&a, NULL, inc, NULL);\n"
                              "    pthread_create(&b, NULL, inc, NULL);\n"
                              "    pthread_join(a, NULL);\n"
                              "    pthread_join(b, NULL);\n"
                              "    printf(\"%d\\n\", counter);\n"
                              "    return 0;\n"
                              "}\n";
#define FRONT "---\nid: race/x\ntitle: X\nlevel: core\nminutes: 1\n---\n## A\n"
#define HINTS "hint: a\nhint: b\nhint: c\n"

/* Whether the row whose claim holds `part` is there and ok: 1, 0, -1 not there. */
static int row_ok(const struct check_report *r, const char *part)
{
    for (size_t i = 0; i < r->n; i++)
        if (strstr(r->results[i].claim, part))
            return r->results[i].ok;
    return -1;
}

static void lies_are_seen(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "outcomes: \"2\\n\"",
        "impossible: \"1\\n\"",
        "no findings",
        "finding: deadlock",
        "finding: data-race line 7",
        "deadlock",
        "least-switches: 0 for \"1\\n\"",
        "least-switches: 2 for \"1\\n\"",
        "exit: 1",
        "only: \"1\\n\"",
        "possible: \"0\\n\"",
        "executions: 1",
    };
    struct buf text = {0};
    buf_puts(&text, FRONT "```claims c.c\n");
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++)
        buf_printf(&text, "%s\n", lies[i]);
    buf_puts(&text,
             "outcomes: \"1\\n\" \"2\\n\"\nleast-switches: 1 for \"1\\n\"\n"
             "finding: data-race line 6\n```\n"
             "```question c.c\nask: x\noutcome: \"1\\n\"\noutcome: \"3\\n\"\nright: 2\n"
             "explain: x\npath: T0 *, T0 1\n```\n"
             "```challenge break c.c\ntitle: x\ntext: x\ngoal: outcome \"1\\n\"\n"
             "path: T0 *, T1 *\n" HINTS "```\n"
             "```challenge fix good.c\ntitle: x\ntext: x\nsolution: c.c\nrequire: no findings\n"
             "wrong: good.c race\n" HINTS "```\n");
    put("x/lesson.md", text.data);
    put("x/c.c", counter);
    put("x/good.c", "int main(void) { return 0; }\n");
    struct lesson *l = read_lesson(tree, "race/x");
    struct check_report r = {0};
    struct err e = {0};
    assert_int_equal(check_lesson(l, NULL, &r, &e), 0);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        char *claim = xasprintf("c.c: %s", lies[i]);
        if (row_ok(&r, claim) != 0)
            fail_msg("%s is believed", claim);
        free(claim);
    }
    assert_int_equal(row_ok(&r, "c.c: outcomes: \"1\\n\" \"2\\n\""), 1);
    assert_int_equal(row_ok(&r, "c.c: least-switches: 1 for"), 1);
    assert_int_equal(row_ok(&r, "c.c: finding: data-race line 6"), 1);
    assert_int_equal(row_ok(&r, "question q1: its right choices"), 0);
    assert_int_equal(row_ok(&r, "path: T0 *, T0 1"), 0);
    assert_int_equal(row_ok(&r, "the path of the challenge reaches its goal"), 0);
    assert_int_equal(row_ok(&r, "the start good.c fails"), 0);
    assert_int_equal(row_ok(&r, "c.c passes"), 0);
    assert_int_equal(row_ok(&r, "good.c is refused: race"), 0);
    int right[2] = {-1, -1};
    assert_int_equal(check_answer(l, lesson_question_at(l, 0), NULL, right, &e), 0);
    assert_int_equal(right[0], 1);
    assert_int_equal(right[1], 0);
    check_report_fini(&r);
    lesson_free(l);
    buf_fini(&text);
}

/* -------- fixes -------- */

/* `text` as an answer to the fix challenge of `id` must get `expected`, with `part` in the last
 * message. */
static void judged(const char *id, const char *text, enum refusal expected, const char *part)
{
    struct lesson *l = read_lesson(lessons_dir(), id);
    struct check_report r = {0};
    struct err e = {0};
    enum refusal refusal = REFUSAL_COUNT;
    put("x/answer.c", text);
    char *path = xasprintf("%s/race/x/answer.c", tree);
    if (check_solution(l, NULL, path, NULL, &r, &refusal, &e) != 0)
        fail_msg("%s: %s", id, e.message);
    const char *last = r.n ? r.results[r.n - 1].message : "";
    if (refusal != expected || !strstr(last, part))
        fail_msg("%s: got %s: %s; wanted %s: …%s…\n%s", id, refusal_word((int)refusal), last,
                 refusal_word((int)expected), part, text);
    assert_int_equal(r.nfailed, expected != REFUSAL_NONE);
    check_report_fini(&r);
    lesson_free(l);
    free(path);
}

/* The counter program with another inc. */
static char *with_inc(const char *globals, const char *body)
{
    return xasprintf("#include <pthread.h>\n#include <stdatomic.h>\n#include <stdio.h>\n"
                     "#include <unistd.h>\n#include <sched.h>\n%s\n"
                     "static void *inc(void *arg)\n{\n%s\n    return arg;\n}\n"
                     "int main(void)\n{\n    pthread_t a, b;\n"
                     "    pthread_create(&a, NULL, inc, (void *)0);\n"
                     "    pthread_create(&b, NULL, inc, (void *)1);\n"
                     "    pthread_join(a, NULL);\n    pthread_join(b, NULL);\n"
                     "    printf(\"%%d\\n\", (int)counter);\n    return 0;\n}\n",
                     globals, body);
}

static void answers_to_lost_update_are_judged(void **state)
{
    (void)state;
#define M "static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;"
    static const struct {
        const char *globals, *body;
        enum refusal refusal;
        const char *part;
    } cases[] = {
        {"static atomic_int counter;", "counter++;", REFUSAL_NONE, "ends well"},
        {"static int counter;" M,
         "pthread_mutex_lock(&m); int t = counter; counter = t + 1; pthread_mutex_unlock(&m);",
         REFUSAL_NONE, "ends well"},
        {"static int counter; static atomic_flag f = ATOMIC_FLAG_INIT;",
         "while (atomic_flag_test_and_set(&f)) ; counter++; atomic_flag_clear(&f);", REFUSAL_NONE,
         "ends well"},
        {"static int counter;", "counter++;", REFUSAL_UNLOCKED, "lockstep replay ls1:"},
        {"static int counter;" M,
         "if (arg) pthread_mutex_lock(&m); counter++;"
         " if (arg) pthread_mutex_unlock(&m);",
         REFUSAL_RACE, "no lock"},
        {"static int counter;", "if (arg) sched_yield(); counter++;", REFUSAL_SLEEPING,
         "may be slow"},
        {"static int counter;", "usleep(arg ? 1000 : 2000); counter++;", REFUSAL_SLEEPING,
         "may be slow"},
        {"static int counter = 2;", "", REFUSAL_DELETED, "never writes counter"},
        {"static atomic_int counter;", "if (arg) counter += 2;", REFUSAL_DELETED, "never writes"},
        {"static atomic_int counter;", "if (arg) counter++;", REFUSAL_DELETED, "never writes"},
        {"static int counter;" M, "pthread_mutex_lock(&m); counter++;", REFUSAL_DEADLOCK, ""},
        {"static int counter;" M, "pthread_mutex_lock(&m) counter++;", REFUSAL_COMPILE, "answer.c"},
        {"static atomic_int counter;", "int t = counter; counter = t + 1;", REFUSAL_OUTCOME, "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = with_inc(cases[i].globals, cases[i].body);
        judged("race/lost-update", text, cases[i].refusal, cases[i].part);
        free(text);
    }
    judged("race/lost-update",
           "#include <stdio.h>\nint main(void) { printf(\"2\\n\"); return 0; }\n", REFUSAL_DELETED,
           "no thread starts in inc");
    judged("race/lost-update", "", REFUSAL_COMPILE, "");
}

/* The transfer program with another b_to_a. */
static char *with_b_to_a(const char *body)
{
    return xasprintf("#include <pthread.h>\n#include <stdio.h>\n"
                     "static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;\n"
                     "static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;\n"
                     "static int transfers;\n"
                     "static void *a_to_b(void *arg)\n{\n"
                     "    pthread_mutex_lock(&a);\n    pthread_mutex_lock(&b);\n    transfers++;\n"
                     "    pthread_mutex_unlock(&b);\n    pthread_mutex_unlock(&a);\n"
                     "    return arg;\n}\n"
                     "static void *b_to_a(void *arg)\n{\n%s\n    return arg;\n}\n"
                     "int main(void)\n{\n    pthread_t t, u;\n"
                     "    pthread_create(&t, NULL, a_to_b, NULL);\n"
                     "    pthread_create(&u, NULL, b_to_a, NULL);\n"
                     "    pthread_join(t, NULL);\n    pthread_join(u, NULL);\n"
                     "    printf(\"%%d transfers\\n\", transfers);\n    return 0;\n}\n",
                     body);
}

static void answers_to_deadlock_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum refusal refusal;
        const char *part;
    } cases[] = {
        {"for (;;) { pthread_mutex_lock(&b); if (!pthread_mutex_trylock(&a)) break;"
         " pthread_mutex_unlock(&b); }"
         " transfers++; pthread_mutex_unlock(&a); pthread_mutex_unlock(&b);",
         REFUSAL_NONE, "ends well"}, /* backing off: stuck in no schedule */
        {"pthread_mutex_lock(&b); transfers++; pthread_mutex_unlock(&b);", REFUSAL_NONE,
         "ends well"}, /* one lock is enough, as long as both take it */
        {"pthread_mutex_lock(&b); if (!pthread_mutex_trylock(&a)) {"
         " transfers++; pthread_mutex_unlock(&a); } pthread_mutex_unlock(&b);",
         REFUSAL_OUTCOME, "1 transfers"}, /* giving up leaves the work undone */
        {"pthread_mutex_lock(&b); pthread_mutex_lock(&a); transfers++;"
         " pthread_mutex_unlock(&b); pthread_mutex_unlock(&a);",
         REFUSAL_DEADLOCK, "lockstep replay ls1:"}, /* the order of unlocking is not the matter */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = with_b_to_a(cases[i].body);
        judged("lock/deadlock", text, cases[i].refusal, cases[i].part);
        free(text);
    }
}

/* A verdict says on how many executions it rests, and when these were not all. */
static void the_bound_is_said(void **state)
{
    (void)state;
    struct lesson *l = read_lesson(lessons_dir(), "cond/while-not-if");
    char *right = lesson_file(l, "with-while.c");
    for (uint64_t executions = 0; executions < 4; executions += 3) {
        struct check_options o = {.executions = executions};
        struct check_report r = {0};
        struct err e = {0};
        enum refusal refusal = REFUSAL_COUNT;
        assert_int_equal(check_solution(l, NULL, right, &o, &r, &refusal, &e), 0);
        assert_int_equal(row_ok(&r, "all its schedules are searched: 30 executions"),
                         executions ? -1 : 1);
        assert_int_equal(row_ok(&r, "a part of its schedules is searched: 3 executions"),
                         executions ? 1 : -1);
        check_report_fini(&r);
    }
    free(right);
    lesson_free(l);
}

static void wrong_requests_are_answered(void **state)
{
    (void)state;
    struct lesson *l = read_lesson(lessons_dir(), "start/tour");
    struct check_report r = {0};
    struct err e = {0};
    enum refusal refusal;
    assert_int_equal(check_solution(l, NULL, "x.c", NULL, &r, &refusal, &e), -ERR_NOT_FOUND);
    assert_non_null(strstr(e.message, "start/tour"));
    lesson_free(l);
    l = read_lesson(lessons_dir(), "race/lost-update");
    assert_int_equal(check_solution(l, NULL, "/nonexistent.c", NULL, &r, &refusal, &e), -ERR_OPEN);
    assert_non_null(strstr(e.message, "/nonexistent.c"));
    assert_int_equal(check_solution(l, "no", "x.c", NULL, &r, &refusal, &e), -ERR_NOT_FOUND);
    assert_int_equal(r.n, 0);
    lesson_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lesson_is_true),
        cmocka_unit_test_setup_teardown(lies_are_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(answers_to_lost_update_are_judged, setup, teardown),
        cmocka_unit_test_setup_teardown(answers_to_deadlock_are_judged, setup, teardown),
        cmocka_unit_test(the_bound_is_said),
        cmocka_unit_test(wrong_requests_are_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
