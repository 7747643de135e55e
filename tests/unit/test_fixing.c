/* Attempts at the fix challenges of three lessons, as learners write them: ways that are wrong must
 * each get the right word, ways that are right must pass however odd they look, and each answer
 * comes within five seconds. Hostile files are told, not compiled. With the real engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "program.h"

enum { ANSWER_SECONDS = 5 };

static char folder[64];

static int setup(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/lockstep-fixing-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    char *command = xasprintf("rm -rf '%s'", folder);
    int rc = system(command);
    free(command);
    return rc;
}

static char *file_of(const char *text)
{
    char *path = xasprintf("%s/mine.c", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

/* What the screen asks for. */
static const struct check_options on_screen = {.seconds = 3, .stuck_ms = 500};

struct desk {
    struct lesson *l;
    struct fixing *f;
};

static void desk_open(struct desk *d, const char *id)
{
    struct err e = {0};
    char *dir = xasprintf("%s/%s", path_lessons() ? path_lessons() : "lessons", id);
    if (lesson_read(&d->l, dir, NULL, &e) != 0)
        fail_msg("%s", e.message);
    free(dir);
    const struct lesson_challenge *c = lesson_challenge_find(d->l, "fix");
    assert_non_null(c);
    d->f = fixing_new(d->l, c);
}

static void desk_close(struct desk *d)
{
    fixing_free(d->f);
    lesson_free(d->l);
}

struct attempt {
    enum refusal refusal;
    const char *part; /* of the reason */
    const char *text;
};

static void try_one(struct desk *d, const struct attempt *a)
{
    struct verdict v;
    struct err e = {0};
    char *path = file_of(a->text);
    if (fixing_try(d->f, path, &on_screen, &v, &e) != 0)
        fail_msg("%s\n%s", e.message, a->text);
    if (v.refusal != a->refusal || !strstr(v.reason, a->part))
        fail_msg("got %s: %s; wanted %s: …%s…\n%s", refusal_word((int)v.refusal), v.reason,
                 refusal_word((int)a->refusal), a->part, a->text);
    if (v.seconds > ANSWER_SECONDS)
        fail_msg("%.1f s\n%s", v.seconds, a->text);
    assert_null(strstr(v.reason, "ls1:"));
    assert_null(strstr(v.reason, "lockstep replay"));
    if (v.refusal == REFUSAL_NONE) {
        assert_true(v.complete);
        assert_true(v.executions > 0);
        assert_false(v.has_schedule);
    }
    verdict_fini(&v);
    free(path);
}

static void try_all(const char *id, const struct attempt *all, size_t n)
{
    struct desk d;
    desk_open(&d, id);
    for (size_t i = 0; i < n; i++)
        try_one(&d, &all[i]);
    desk_close(&d);
}
#define TRY(id, list) try_all(id, list, sizeof list / sizeof list[0])

/* -------- the lost update -------- */

#define TWO                                                                                        \
    "int main(void) { pthread_t x, y;\n"                                                           \
    " pthread_create(&x, 0, inc, 0); pthread_create(&y, 0, inc, &x);\n"                            \
    " pthread_join(x, 0); pthread_join(y, 0);\n"                                                   \
    " printf(\"%d\\n\", (int)counter); return 0; }\n"
#define HEAD                                                                                       \
    "#include <errno.h>\n#include <pthread.h>\n#include <sched.h>\n#include <semaphore.h>\n"       \
    "#include <stdatomic.h>\n#include <stdio.h>\n#include <threads.h>\n#include <time.h>\n"        \
    "#include <unistd.h>\n#include <poll.h>\n"
#define LOCK "static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n"
#define INC  "static void *inc(void *p) {\n"
#define END  "\n return p; }\n"

static void wrong_ways_with_the_counter(void **state)
{
    (void)state;
    static const struct attempt wrong[] = {
        /* sleeping */
        {REFUSAL_SLEEPING, "may be slow",
         HEAD "static int counter;\n" INC " if (p) usleep(200000);\n counter++;" END TWO},
        {REFUSAL_SLEEPING, "may be slow",
         HEAD "static int counter;\n" INC
              " struct timespec t = {0, 1000000}; nanosleep(&t, 0); counter++;" END TWO},
        {REFUSAL_SLEEPING, "may be slow",
         HEAD "static int counter;\n" INC " if (p) sleep(1); counter++;" END TWO},
        {REFUSAL_SLEEPING, "may be slow",
         HEAD "static int counter;\n" INC " for (int i = p ? 3 : 0; i--;) sched_yield();\n"
              " counter++;" END TWO},
        {REFUSAL_SLEEPING, "may be slow",
         HEAD LOCK "static int counter; static pthread_cond_t c = PTHREAD_COND_INITIALIZER;\n" INC
                   " struct timespec t; clock_gettime(CLOCK_REALTIME, &t); t.tv_sec++;\n"
                   " if (p) { pthread_mutex_lock(&lock); pthread_cond_timedwait(&c, &lock, &t);\n"
                   "  pthread_mutex_unlock(&lock); }\n counter++;" END TWO},
        /* no lock */
        {REFUSAL_UNLOCKED, "Neither held a lock",
         HEAD "static int counter;\n" INC
              " int mine = counter;\n mine += 1;\n counter = mine;" END TWO},
        {REFUSAL_UNLOCKED, "Neither held a lock",
         HEAD "static volatile int counter;\n" INC " counter = counter + 1;" END TWO},
        {REFUSAL_UNLOCKED, "Neither held a lock", /* a flag is no lock */
         HEAD "static int counter, taken;\n" INC
              " while (taken) ;\n taken = 1; counter++; taken = 0;" END TWO},
        /* the wrong lock */
        {REFUSAL_LOCKS, "different locks",
         HEAD "static int counter; static pthread_mutex_t m[2] = {PTHREAD_MUTEX_INITIALIZER,\n"
              " PTHREAD_MUTEX_INITIALIZER};\n" INC
              " pthread_mutex_t *l = &m[p != 0]; pthread_mutex_lock(l); counter++;\n"
              " pthread_mutex_unlock(l);" END TWO},
        {REFUSAL_LOCKS, "different locks", /* a lock on the own stack protects from nobody */
         HEAD "static int counter;\n" INC " pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
              " pthread_mutex_lock(&m); counter++; pthread_mutex_unlock(&m);" END TWO},
        {REFUSAL_RACE, "only one of the two",
         HEAD LOCK "static int counter;\n" INC " if (p) pthread_mutex_lock(&lock);\n counter++;\n"
                   " if (p) pthread_mutex_unlock(&lock);" END TWO},
        {REFUSAL_RACE, "no lock", /* held too short */
         HEAD LOCK "static int counter;\n" INC
                   " pthread_mutex_lock(&lock); int t = counter; pthread_mutex_unlock(&lock);\n"
                   " counter = t + 1;" END TWO},
        {REFUSAL_OUTCOME, "1", /* two critical sections where one is needed */
         HEAD LOCK
         "static int counter;\n" INC
         " pthread_mutex_lock(&lock); int t = counter; pthread_mutex_unlock(&lock);\n"
         " pthread_mutex_lock(&lock); counter = t + 1; pthread_mutex_unlock(&lock);" END TWO},
        /* everything serial */
        {REFUSAL_SERIAL, "one runs after the other",
         HEAD "static int counter;\n" INC " counter++;" END
              "int main(void) { for (int i = 0; i < 2; i++) { pthread_t t;\n"
              " pthread_create(&t, 0, inc, 0); pthread_join(t, 0); }\n"
              " printf(\"%d\\n\", counter); return 0; }\n"},
        {REFUSAL_SERIAL, "one runs after the other",
         HEAD "static int counter; static pthread_t first;\n" INC
              " if (p) pthread_join(first, 0);\n counter++;" END
              "int main(void) { pthread_t y; pthread_create(&first, 0, inc, 0);\n"
              " pthread_create(&y, 0, inc, &y); pthread_join(y, 0);\n"
              " printf(\"%d\\n\", counter); return 0; }\n"},
        {REFUSAL_SERIAL, "",
         HEAD "static int counter;\n" INC " counter += 2;" END
              "int main(void) { pthread_t x; pthread_create(&x, 0, inc, 0);\n"
              " pthread_join(x, 0); printf(\"%d\\n\", counter); return 0; }\n"},
        /* the work deleted */
        {REFUSAL_DELETED, "never writes counter",
         HEAD "static int counter = 2;\n" INC " (void)p;" END TWO},
        {REFUSAL_DELETED, "never writes counter",
         HEAD "static int counter;\n" INC " if (p) counter += 2;" END TWO},
        {REFUSAL_DELETED, "no thread starts in inc",
         HEAD "static int counter;\nint main(void) { counter++; counter++;\n"
              " printf(\"%d\\n\", counter); return 0; }\n"},
        {REFUSAL_DELETED, "no thread starts in inc",
         "#include <stdio.h>\n"
         "int main(void) { puts(\"2\"); }\n"},
        /* what goes wrong while mending */
        {REFUSAL_DEADLOCK, "",
         HEAD LOCK "static int counter;\n" INC " pthread_mutex_lock(&lock); counter++;\n"
                   " if (!p) return 0;\n pthread_mutex_unlock(&lock);" END TWO},
        {REFUSAL_DEADLOCK, "",
         HEAD LOCK "static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;\n"
                   "static int counter;\n" INC
                   " pthread_mutex_t *a = p ? &lock : &other, *b = p ? &other : &lock;\n"
                   " pthread_mutex_lock(a); pthread_mutex_lock(b); counter++;\n"
                   " pthread_mutex_unlock(b); pthread_mutex_unlock(a);" END TWO},
        {REFUSAL_RACE, "done", /* a race elsewhere is one all the same */
         HEAD LOCK "static int counter, done;\n" INC
                   " pthread_mutex_lock(&lock); counter++; pthread_mutex_unlock(&lock);\n"
                   " done = 1;" END TWO},
        {REFUSAL_COMPILE, "error", HEAD "static int counter\n" INC " counter++;" END TWO},
        {REFUSAL_COMPILE, "main", HEAD "static int counter;\n" INC " counter++;" END},
    };
    TRY("race/lost-update", wrong);
}

static void right_ways_with_the_counter(void **state)
{
    (void)state;
    static const struct attempt right[] = {
        {REFUSAL_NONE, "",
         HEAD LOCK "static int counter;\n" INC " pthread_mutex_lock(&lock);\n counter++;\n"
                   " pthread_mutex_unlock(&lock);" END TWO},
        {REFUSAL_NONE, "", HEAD "static atomic_int counter;\n" INC " counter++;" END TWO},
        {REFUSAL_NONE, "",
         HEAD "static int counter;\n" INC
              " __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);" END TWO},
        {REFUSAL_NONE, "",
         HEAD "static _Atomic long counter;\n" INC " long t = atomic_load(&counter);\n"
              " while (!atomic_compare_exchange_weak(&counter, &t, t + 1)) ;" END TWO},
        {REFUSAL_NONE, "",
         HEAD "static int counter; static mtx_t m;\n" INC
              " mtx_lock(&m); counter++; mtx_unlock(&m);" END
              "int main(void) { pthread_t x, y; mtx_init(&m, mtx_plain);\n"
              " pthread_create(&x, 0, inc, 0); pthread_create(&y, 0, inc, &x);\n"
              " pthread_join(x, 0); pthread_join(y, 0);\n"
              " printf(\"%d\\n\", counter); return 0; }\n"},
        {REFUSAL_NONE, "",
         HEAD LOCK "static int counter;\n" INC " while (pthread_mutex_trylock(&lock) == EBUSY)\n"
                   "  sched_yield();\n counter++; pthread_mutex_unlock(&lock);" END TWO},
        {REFUSAL_NONE, "",
         HEAD "static int counter; static sem_t s;\n" INC
              " sem_wait(&s); counter++; sem_post(&s);" END
              "int main(void) { pthread_t x, y; sem_init(&s, 0, 1);\n"
              " pthread_create(&x, 0, inc, 0); pthread_create(&y, 0, inc, &x);\n"
              " pthread_join(x, 0); pthread_join(y, 0);\n"
              " printf(\"%d\\n\", counter); return 0; }\n"},
        {REFUSAL_NONE, "", /* nobody needs that sleep, but the lock is right */
         HEAD LOCK "static int counter;\n" INC " usleep(10); pthread_mutex_lock(&lock);\n"
                   " counter++; pthread_mutex_unlock(&lock);" END TWO},
        {REFUSAL_NONE, "",
         HEAD "static int counter; static pthread_spinlock_t s;\n" INC
              " pthread_spin_lock(&s); counter++; pthread_spin_unlock(&s);" END
              "int main(void) { pthread_t x, y; pthread_spin_init(&s, 0);\n"
              " pthread_create(&x, 0, inc, 0); pthread_create(&y, 0, inc, &x);\n"
              " pthread_join(x, 0); pthread_join(y, 0);\n"
              " printf(\"%d\\n\", counter); return 0; }\n"},
    };
    TRY("race/lost-update", right);
}

/* -------- the deadlock -------- */

#define LOCKS                                                                                      \
    "static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;\n"       \
    "static int transfers;\n"
#define A_TO_B                                                                                     \
    "static void *a_to_b(void *p) { pthread_mutex_lock(&a); pthread_mutex_lock(&b);\n"             \
    " transfers++; pthread_mutex_unlock(&b); pthread_mutex_unlock(&a); return p; }\n"
#define BOTH                                                                                       \
    "int main(void) { pthread_t t, u; pthread_create(&t, 0, a_to_b, 0);\n"                         \
    " pthread_create(&u, 0, b_to_a, 0); pthread_join(t, 0); pthread_join(u, 0);\n"                 \
    " printf(\"%d transfers\\n\", transfers); return 0; }\n"
#define B_TO_A(body) "static void *b_to_a(void *p) {\n" body "\n return p; }\n"

static void wrong_ways_with_two_locks(void **state)
{
    (void)state;
    static const struct attempt wrong[] = {
        {REFUSAL_SLEEPING, "may be slow",
         HEAD LOCKS A_TO_B B_TO_A(
             " usleep(50000); pthread_mutex_lock(&b); pthread_mutex_lock(&a);\n"
             " transfers++; pthread_mutex_unlock(&a);\n"
             " pthread_mutex_unlock(&b);") BOTH},
        {REFUSAL_UNLOCKED, "Neither held a lock",
         HEAD
         "static int transfers;\nstatic void *a_to_b(void *p) { transfers++; return p; }\n" B_TO_A(
             " ++transfers;") BOTH},
        {REFUSAL_RACE, "only one of the two", HEAD LOCKS A_TO_B B_TO_A(" transfers++;") BOTH},
        {REFUSAL_LOCKS, "different locks",
         HEAD LOCKS "static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER;\n" A_TO_B B_TO_A(
             " pthread_mutex_lock(&c); transfers++; pthread_mutex_unlock(&c);") BOTH},
        {REFUSAL_SERIAL, "one runs after the other",
         HEAD LOCKS A_TO_B B_TO_A(
             " pthread_mutex_lock(&b); pthread_mutex_lock(&a); transfers++;\n"
             " pthread_mutex_unlock(&a); pthread_mutex_unlock(&b);") "int main(void) { pthread_t "
                                                                     "t; pthread_create(&t, 0, "
                                                                     "a_to_b, 0);\n"
                                                                     " pthread_join(t, 0); "
                                                                     "pthread_create(&t, 0, "
                                                                     "b_to_a, 0); pthread_join(t, "
                                                                     "0);\n"
                                                                     " printf(\"%d transfers\\n\", "
                                                                     "transfers); return 0; }\n"},
        {REFUSAL_DELETED, "b_to_a but never writes transfers",
         HEAD LOCKS "static void *a_to_b(void *p) { pthread_mutex_lock(&a);\n"
                    " transfers += 2; pthread_mutex_unlock(&a); return p; }\n" B_TO_A(
                        " pthread_mutex_lock(&a); pthread_mutex_unlock(&a);") BOTH},
        {REFUSAL_DEADLOCK, "",
         HEAD LOCKS A_TO_B B_TO_A(" pthread_mutex_lock(&b); pthread_mutex_lock(&a); transfers++;\n"
                                  " pthread_mutex_unlock(&b); pthread_mutex_unlock(&a);") BOTH},
    };
    TRY("lock/deadlock", wrong);
}

static void right_ways_with_two_locks(void **state)
{
    (void)state;
    static const struct attempt right[] = {
        {REFUSAL_NONE, "",
         HEAD LOCKS A_TO_B B_TO_A(" pthread_mutex_lock(&a); pthread_mutex_lock(&b); transfers++;\n"
                                  " pthread_mutex_unlock(&b); pthread_mutex_unlock(&a);") BOTH},
        {REFUSAL_NONE, "",
         HEAD LOCKS A_TO_B B_TO_A(
             " for (;;) { pthread_mutex_lock(&b); if (pthread_mutex_trylock(&a) == 0) break;\n"
             "  pthread_mutex_unlock(&b); }\n transfers++;\n"
             " pthread_mutex_unlock(&a); pthread_mutex_unlock(&b);") BOTH},
        {REFUSAL_NONE, "",
         HEAD "static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER; static int transfers;\n"
              "static void move(void) { pthread_mutex_lock(&one); transfers++;\n"
              " pthread_mutex_unlock(&one); }\n"
              "static void *a_to_b(void *p) { move(); return p; }\n" B_TO_A(" move();") BOTH},
    };
    TRY("lock/deadlock", right);
}

/* -------- while, not if -------- */

static void ways_with_the_condition(void **state)
{
    (void)state;
#define PLATES(wait, main)                                                                         \
    HEAD "#include <assert.h>\nstatic int plates; static pthread_cond_t c = "                      \
         "PTHREAD_COND_INITIALIZER;\n" LOCK "static void *dry(void *p) { "                         \
         "pthread_mutex_lock(&lock);\n" wait                                                       \
         "\n assert(plates > 0); plates--; printf(\"%d left\\n\", plates);\n"                      \
         " pthread_mutex_unlock(&lock); return p; }\n" main
#define WASH                                                                                       \
    "int main(void) { pthread_t t, u; pthread_create(&t, 0, dry, 0);\n"                            \
    " pthread_create(&u, 0, dry, 0);\n"                                                            \
    " for (int i = 0; i < 2; i++) { pthread_mutex_lock(&lock); plates++;\n"                        \
    "  pthread_cond_signal(&c); pthread_mutex_unlock(&lock); }\n"                                  \
    " pthread_join(t, 0); pthread_join(u, 0);\n"                                                   \
    " printf(\"%d on the pile\\n\", plates); return 0; }\n"
    static const struct attempt ways[] = {
        {REFUSAL_NONE, "", PLATES(" while (plates == 0) pthread_cond_wait(&c, &lock);", WASH)},
        {REFUSAL_NONE, "",
         PLATES(" again: if (!plates) { pthread_cond_wait(&c, &lock); goto again; }", WASH)},
        {REFUSAL_FAILS, "assert", PLATES(" if (!plates) pthread_cond_wait(&c, &lock);", WASH)},
        {REFUSAL_SLEEPING, "may be slow",
         PLATES(" if (!plates) { pthread_mutex_unlock(&lock); usleep(1000);\n"
                " pthread_mutex_lock(&lock); }",
                WASH)},
        {REFUSAL_DELETED, "no thread starts in dry",
         "#include <stdio.h>\nint main(void) { puts(\"1 left\\n0 left\\n0 on the pile\"); }\n"},
    };
    TRY("cond/while-not-if", ways);
}

/* -------- what is behind an answer -------- */

static void a_wrong_fix_comes_with_the_schedule_that_breaks_it(void **state)
{
    (void)state;
    struct desk d;
    struct verdict v;
    struct err e = {0};
    desk_open(&d, "race/lost-update");
    char *path = file_of(HEAD "static int counter;\n" INC " counter++;" END TWO);
    assert_int_equal(fixing_try(d.f, path, &on_screen, &v, &e), 0);
    assert_int_equal(v.refusal, REFUSAL_UNLOCKED);
    assert_int_equal(v.finding, FIND_DATA_RACE);
    assert_int_equal(v.line, 13);
    assert_true(v.has_schedule);
    assert_true(v.schedule.n > 0);
    assert_non_null(v.program);
    assert_string_equal(v.schedule.hash, v.program->hash);
    verdict_fini(&v);
    free(path);
    desk_close(&d);
}

/* The learner's own way of breaking the start is tried on the fix. */
static void the_own_schedule_is_replayed(void **state)
{
    (void)state;
    struct desk d;
    struct verdict v;
    struct err e = {0};
    struct schedule own;
    int rows = 0;
    schedule_init(&own);
    assert_int_equal(schedule_parse(&own, "ls1:00000000:a2b2c4b2", &e), 0);
    struct check_options o = on_screen;
    o.own = &own;
    o.nown = 1;
    desk_open(&d, "race/lost-update");
    char *path =
        file_of(HEAD LOCK "static int counter;\n" INC " pthread_mutex_lock(&lock);\n counter++;\n"
                          " pthread_mutex_unlock(&lock);" END TWO);
    assert_int_equal(fixing_try(d.f, path, &o, &v, &e), 0);
    assert_int_equal(v.refusal, REFUSAL_NONE);
    for (size_t i = 0; i < v.rows.n; i++)
        rows += strstr(v.rows.results[i].claim, "by which you broke") != NULL;
    assert_int_equal(rows, 1);
    verdict_fini(&v);
    schedule_fini(&own);
    free(path);
    desk_close(&d);
}

static int stop_at(void *ctx, enum check_phase phase, uint64_t executions, double seconds)
{
    (void)executions;
    (void)seconds;
    return phase == *(enum check_phase *)ctx;
}

static void judging_can_be_stopped_and_begun_again(void **state)
{
    (void)state;
    struct desk d;
    struct verdict v;
    struct err e = {0};
    desk_open(&d, "race/lost-update");
    char *path = file_of(HEAD "static atomic_int counter;\n" INC " counter++;" END TWO);
    for (enum check_phase phase = CHECK_COMPILING; phase <= CHECK_REPLAYING; phase++) {
        struct check_options o = on_screen;
        o.progress = stop_at;
        o.ctx = &phase;
        assert_int_equal(fixing_try(d.f, path, &o, &v, &e), -ERR_INTERRUPTED);
    }
    assert_int_equal(fixing_try(d.f, path, &on_screen, &v, &e), 0);
    assert_int_equal(v.refusal, REFUSAL_NONE);
    assert_true(v.complete);
    verdict_fini(&v);
    free(path);
    desk_close(&d);
}

static void what_is_no_source_is_told(void **state)
{
    (void)state;
    struct desk d;
    struct verdict v;
    struct err e = {0};
    desk_open(&d, "race/lost-update");
    char *path = file_of("");
    assert_int_equal(fixing_try(d.f, path, &on_screen, &v, &e), -ERR_DATA);
    assert_non_null(strstr(e.message, "empty"));
    assert_int_equal(truncate(path, 10 << 20), 0);
    assert_int_equal(fixing_try(d.f, path, &on_screen, &v, &e), -ERR_DATA);
    assert_non_null(strstr(e.message, "10485760 bytes"));
    unlink(path);
    assert_int_equal(fixing_try(d.f, path, &on_screen, &v, &e), -ERR_OPEN);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(fixing_try(d.f, path, &on_screen, &v, &e), -ERR_DATA);
    rmdir(path);
    free(path);
    desk_close(&d);
}

/* Programs that never end, print without end, fork without end: an answer all the same. */
static void hostile_programs_get_an_answer(void **state)
{
    (void)state;
    static const struct attempt hostile[] = {
        {REFUSAL_FAILS, "", HEAD "int main(void) { for (volatile int i = 0;; i++) ; }\n"},
        {REFUSAL_FAILS, "", HEAD "static int counter;\n" INC " for (;;) { } counter++;" END TWO},
    };
    TRY("race/lost-update", hostile);
    static const char *const any[] = {
        "#include <stdio.h>\nint main(void) { for (;;) puts(\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"); "
        "}\n",
        "#include <unistd.h>\nint main(void) { for (;;) fork(); }\n",
        "#include <stdlib.h>\nint main(void) { for (;;) malloc(1 << 20); }\n",
        "int main(void) { int *p = 0; *p = 1; return main(); }\n",
    };
    struct desk d;
    desk_open(&d, "race/lost-update");
    for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
        struct verdict v;
        struct err e = {0};
        char *path = file_of(any[i]);
        int rc = fixing_try(d.f, path, &on_screen, &v, &e);
        if (rc == 0) {
            assert_int_not_equal(v.refusal, REFUSAL_NONE);
            if (v.seconds >
                2 * ANSWER_SECONDS) /* our own search is bounded, the kernel may be slow */
                fail_msg("%.1f s\n%s", v.seconds, any[i]);
            verdict_fini(&v);
        } else
            assert_true(e.message[0] != 0);
        free(path);
    }
    desk_close(&d);
}

static void the_compilers_words_are_read(void **state)
{
    (void)state;
    struct compiler_note n[4];
    static const char said[] =
        "/x/y/mine.c: In function 'inc':\n"
        "/x/y/mine.c:7:12: error: expected ';' before 'counter'\n"
        "    7 |     int x\n"
        "mine.c:9: warning: unused variable 'x'\n"
        "/usr/include/stdio.h:3:1: error: not in the learner's file\n"
        "/x/y/mine.c:8:1: note: not told\n"
        "mine.c:0:1: error: no line\n"
        "/x/y/mine.c:10:2: fatal error: no_such.h: No such file or directory\n"
        "mine.c:";
    assert_int_equal(compiler_notes(said, "/home/a/mine.c", n, 4), 3);
    assert_int_equal(n[0].line, 7);
    assert_int_equal(n[0].column, 12);
    assert_int_equal(n[0].is_error, 1);
    assert_string_equal(n[0].text, "expected ';' before 'counter'");
    assert_int_equal(n[1].line, 9);
    assert_int_equal(n[1].column, 0);
    assert_int_equal(n[1].is_error, 0);
    assert_string_equal(n[2].text, "no_such.h: No such file or directory");
    assert_int_equal(compiler_notes("", "mine.c", n, 4), 0);
    assert_int_equal(compiler_notes(said, "mine.c", n, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_ways_with_the_counter),
        cmocka_unit_test(right_ways_with_the_counter),
        cmocka_unit_test(wrong_ways_with_two_locks),
        cmocka_unit_test(right_ways_with_two_locks),
        cmocka_unit_test(ways_with_the_condition),
        cmocka_unit_test(a_wrong_fix_comes_with_the_schedule_that_breaks_it),
        cmocka_unit_test(the_own_schedule_is_replayed),
        cmocka_unit_test(judging_can_be_stopped_and_begun_again),
        cmocka_unit_test(what_is_no_source_is_told),
        cmocka_unit_test(hostile_programs_get_an_answer),
        cmocka_unit_test(the_compilers_words_are_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
