/* A path through a program with a race, on a real terminal: find it, see which switches are
 * necessary, compare with the run before, let something go wrong, live and back, bookmarks. */
#include "real.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static char counter[600];

static void journey(int cols, int rows)
{
    struct tty t;
    open_real(&t, "run", counter, cols, rows);
    until_has(&t, "YOUR TURN");
    keys(&t, "f");
    until_has(&t, "This step decides it");
    keys(&t, "m");
    until_has(&t, "necessary for");
    keys(&t, "gs");
    until_has(&t, "a necessary switch: T1 had read counter");
    keys(&t, "h1"); /* it is not taken */
    until_has(&t, "another turn from here");
    keys(&t, "GGGGGGc");
    until_has(&t, "the first difference: step");
    until_has(&t, "Printed: \"2\\n\" here, \"1\\n\" there.");
    keys(&t, "u");
    until_has(&t, "Printed: \"1\\n\" here, \"2\\n\" there.");
    keys(&t, "cbB");
    until_has(&t, "Bookmarks");
    keys(&t, "nlook here\r");
    until_has(&t, ": look here");
    keys(&t, "\r");
    keys(&t, "g:T2 @30\r");
    until_has(&t, "REPLAY");
    keys(&t, "x");
    until_has(&t, "can go wrong at this step");
    keys(&t, "L");
    until_has(&t, "ENDED");
    tty_close(&t);
}

static void all_of_it_at_80x24(void **state)
{
    (void)state;
    journey(80, 24);
}

static void all_of_it_at_200x60(void **state)
{
    (void)state;
    journey(200, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_at_80x24),
        cmocka_unit_test(all_of_it_at_200x60),
    };
    const char *top = getenv("LOCKSTEP_TOP");
    snprintf(counter, sizeof counter, "%s/tests/programs/counter_1.c", top ? top : ".");
    return cmocka_run_group_tests_name("branch", tests, make_home, drop_home);
}
