/* Searching with the real program on a terminal: from a lesson's program to all its outcomes and
 * back; a search too long to wait for, cancelled; programs that crash, hang or write wildly while
 * they are searched. The runner sets LOCKSTEP (the program) and LOCKSTEP_LESSONS. */
#include "real.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void leave(struct tty *t)
{
    assert_int_equal(write(t->master, "q", 1), 1);
    assert_int_equal(tty_wait_end(t), 0);
    tty_assert_restored(t);
    tty_close(t);
}

static void all_outcomes_of_a_lessons_program(void **state)
{
    (void)state;
    struct tty t;
    open_real(&t, "learn", "race/lost-update", 80, 24);
    until_has(&t, "The lost update");
    keys(&t, "s");
    until_has(&t, "step 0/0");
    keys(&t, "0011F");
    until_has(&t, "not begun");
    keys(&t, "f");
    until_has(&t, "COMPLETE");
    until_has(&t, "own runs have reached 0 of 2");
    keys(&t, "j");
    until_has(&t, "goes on although"); /* the switch of the simplest schedule, in words */
    keys(&t, "\r");
    until_has(&t, "increment is lost");
    keys(&t, "u");
    until_has(&t, "step 4/4");
    keys(&t, "F\t\t.");
    until_has(&t, "your run is here, with its 4 steps");
    leave(&t);
}

static const char counting[] =
    "#include <pthread.h>\n#include <stdio.h>\nstatic int n;\n"
    "static void *inc(void *x)\n{\n    for (int i = 0; i < 9; i++)\n        n++;\n    return "
    "x;\n}\n"
    "int main(void)\n{\n    pthread_t a, b;\n"
    "    pthread_create(&a, 0, inc, 0);\n    pthread_create(&b, 0, inc, 0);\n"
    "    pthread_join(a, 0);\n    pthread_join(b, 0);\n    printf(\"%d\\n\", n);\n    return "
    "0;\n}\n";

static void a_long_search_is_cancelled_at(int cols, int rows)
{
    struct tty t;
    open_real(&t, "run", write_program("counting.c", counting), cols, rows);
    until_has(&t, "step 0/0");
    keys(&t, "0Fsf");
    until_has(&t, "SEARCHING");
    until_has(&t, "a second");
    until_has(&t, "prints \"18\"");
    keys(&t, "jjk");
    tty_type(&t, "\033");
    until_has(&t, "STOPPED");
    until_has(&t, "you stopped it");
    assert_true(tty_has(&t, "prints \"18\""));
    keys(&t, "g\r");
    until_has(&t, "brings the run before back");
    keys(&t, "u");
    until_has(&t, "step 1/1");
    leave(&t);
}

static void a_long_search_is_cancelled(void **state)
{
    (void)state;
    a_long_search_is_cancelled_at(80, 24);
    a_long_search_is_cancelled_at(200, 60);
}

/* While it is at work: what was opened is opened all the same, and leaving leaves nothing behind.
 */
static void left_in_the_middle(void **state)
{
    (void)state;
    struct tty t;
    pid_t pids[64];
    open_real(&t, "run", write_program("counting.c", counting), 80, 24);
    until_has(&t, "step 0/0");
    keys(&t, "Fsf");
    until_has(&t, "prints \"18\"");
    keys(&t, "\r");
    until_has(&t, "brings the run before back");
    keys(&t, "Ff");
    until_has(&t, "SEARCHING");
    int n = children(t.child, pids, 64);
    assert_true(n > 0);
    leave(&t);
    assert_gone(pids, n);
}

static const char wild[] =
    "#include <pthread.h>\n#include <string.h>\n"
    "static void *w(void *x)\n{\n    memset((void *)0x200000000000, 0xff, 1 << 20);\n"
    "    return x;\n}\n"
    "int main(void)\n{\n    pthread_t a;\n    pthread_create(&a, 0, w, 0);\n"
    "    pthread_join(a, 0);\n    return 0;\n}\n";
static const char crashes[] =
    "#include <pthread.h>\nstatic int *p;\n"
    "static void *w(void *x)\n{\n    *p = 1;\n    return x;\n}\n"
    "int main(void)\n{\n    pthread_t a;\n    int n;\n    pthread_create(&a, 0, w, 0);\n"
    "    p = &n;\n    pthread_join(a, 0);\n    return 0;\n}\n";
static const char hangs[] =
    "#include <pthread.h>\n"
    "static void *w(void *x)\n{\n    for (volatile int i = 0;; i++)\n        i = 0;\n"
    "    return x;\n}\n"
    "int main(void)\n{\n    pthread_t a;\n    pthread_create(&a, 0, w, 0);\n"
    "    pthread_join(a, 0);\n    return 0;\n}\n";

static void bad_programs_are_told_and_left(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {{wild, "CANNOT SEARCH"}, {crashes, "ended by SIGSEGV"}, {hangs, "livelock"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct tty t;
        open_real(&t, "run", write_program("bad.c", bad[i].text), 80, 24);
        until_has(&t, "step 0/0");
        keys(&t, "Ff");
        until_has(&t, bad[i].says);
        keys(&t, "?");
        until_has(&t, "search the schedules, from the beginning");
        tty_type(&t, "\033");
        until_has(&t, bad[i].says);
        leave(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_outcomes_of_a_lessons_program),
        cmocka_unit_test(a_long_search_is_cancelled),
        cmocka_unit_test(left_in_the_middle),
        cmocka_unit_test(bad_programs_are_told_and_left),
    };
    return cmocka_run_group_tests_name("searching, on a terminal", tests, make_home, drop_home);
}
