/* The views on a real terminal with real programs: a deadlock's circle, a race that nothing orders,
 * memory with its locks, processes; found with one key, chosen from the list, left with Esc. The
 * runner sets LOCKSTEP (the program) and LOCKSTEP_LESSONS. */
#include "real.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void open_program(struct tty *t, const char *file, int cols, int rows)
{
    char path[600], *top = getcwd(NULL, 0);
    snprintf(path, sizeof path, "%s/tests/programs/%s.c", top, file);
    free(top);
    open_real(t, "run", path, cols, rows);
    until_has(t, "step 0/0");
}

static void leave(struct tty *t)
{
    assert_int_equal(write(t->master, "q", 1), 1);
    assert_int_equal(tty_wait_end(t), 0);
    tty_assert_restored(t);
    tty_close(t);
}

static void a_circle_is_seen_at_two_sizes(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {200, 60}};
    for (int i = 0; i < 2; i++) {
        struct tty t;
        open_program(&t, "ab_ba", sizes[i][0], sizes[i][1]);
        keys(&t, "f");
        until_has(&t, "found: a deadlock");
        keys(&t, "v2");
        until_has(&t, "Deadlock: T1");
        assert_true(tty_has(&t, "waits for b since step"));
        assert_true(tty_has(&t, "T2 holds it since step"));
        assert_true(tty_has(&t, "waits for a since step"));
        tty_type(&t, "\033[D");
        until_has(&t, "in no circle"); /* a step before nothing is lost yet */
        keys(&t, "\033");
        until_has(&t, "Timeline");
        leave(&t);
    }
}

static void a_race_is_ordered_by_nothing_and_its_locks_are_seen(void **state)
{
    (void)state;
    struct tty t;
    open_program(&t, "counter_two_mutexes", 80, 24);
    keys(&t, "f");
    until_has(&t, "data race");
    keys(&t, "v3");
    until_has(&t, "NOT ORDERED");
    assert_true(tty_has(&t, "Both hold a lock, but not the same one."));
    assert_true(tty_has(&t, "holds m1"));
    assert_true(tty_has(&t, "holds m2"));
    keys(&t, "v4");
    until_has(&t, "never the same lock");
    keys(&t, "v5");
    until_has(&t, "one process only");
    leave(&t);
}

/* Which switches matter is asked with one key and seen in the table of steps. */
static void necessary_switches_are_marked(void **state)
{
    (void)state;
    enum { NECESSARY = 0x25b6, IDLE = 0xb7, MARK_X = 7 };
    struct tty t;
    int necessary = 0, idle = 0;
    open_program(&t, "counter_1", 80, 24);
    keys(&t, "001212121212121212"); /* a switch at every turn */
    keys(&t, "G");
    until_has(&t, "THE END");
    keys(&t, "m");
    until_has(&t, "necessary for");
    keys(&t, "v1");
    until_has(&t, "T2 inc");
    keys(&t, ":5\r");
    for (int y = 2; y < 14; y++) {
        necessary += tty_cell(&t, MARK_X, y).chars[0] == NECESSARY;
        idle += tty_cell(&t, MARK_X, y).chars[0] == IDLE;
    }
    assert_true(necessary >= 1 && necessary <= 2);
    assert_true(idle >= 1);
    leave(&t);
}

static void processes_are_a_tree(void **state)
{
    (void)state;
    struct tty t;
    open_program(&t, "proc_tree", 120, 40);
    keys(&t, "G");
    until_has(&t, "THE END");
    keys(&t, "v5");
    until_has(&t, "P1 pid 1001, parent 1000");
    assert_true(tty_has(&t, "its parent has waited for it"));
    leave(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_circle_is_seen_at_two_sizes),
        cmocka_unit_test(a_race_is_ordered_by_nothing_and_its_locks_are_seen),
        cmocka_unit_test(necessary_switches_are_marked),
        cmocka_unit_test(processes_are_a_tree),
    };
    return cmocka_run_group_tests(tests, make_home, drop_home);
}
