/* What the options of `lockstep live` mean: lists of processors, busy processes beside. */
#include "cmd_live.h"
#include "recorder.h"

#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What may be used here differs from machine to machine: this process keeps to what it has. */
static uint64_t ours(void)
{
    cpu_set_t set;
    uint64_t bits = 0;
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    for (int i = 0; i < 64; i++)
        bits |= (uint64_t)(CPU_ISSET((size_t)i, &set) != 0) << i;
    return bits;
}

static int lowest(uint64_t bits)
{
    return __builtin_ctzll(bits);
}

static void a_list_names_processors(void **state)
{
    (void)state;
    uint64_t all = ours(), got = 1;
    struct err e = {0};
    char list[64];
    assert_int_equal(live_processors(NULL, &got, &e), 0);
    assert_true(got == 0);
    snprintf(list, sizeof list, "%d", lowest(all));
    assert_int_equal(live_processors(list, &got, &e), 0);
    assert_true(got == 1ull << lowest(all));
    snprintf(list, sizeof list, "%d-%d,%d", lowest(all), lowest(all), lowest(all));
    assert_int_equal(live_processors(list, &got, &e), 0);
    assert_true(got == 1ull << lowest(all));
    if (all >> lowest(all) & 2) { /* the next one, too */
        snprintf(list, sizeof list, "%d-%d", lowest(all), lowest(all) + 1);
        assert_int_equal(live_processors(list, &got, &e), 0);
        assert_true(got == 3ull << lowest(all));
    }
}

static void a_wrong_list_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *list, *says;
    } wrong[] = {
        {"", "'' is no processor"},
        {"a", "'a' is no processor"},
        {"0,", "'' is no processor"},
        {"0,-1", "'-1' is no processor"},
        {"0-", "'0-' is no processor"},
        {"1 ", "'1 ' is no processor"},
        {"3-1", "'3-1' ends before"},
        {"0-1x", "'0-1x' is no processor"},
        {"63", "there is no processor 63"},
        {"99999999999999999999", "there is no processor"},
        {"0-9999999999", "there is no processor"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint64_t got;
        struct err e = {0};
        if (ours() >> 63 && !strcmp(wrong[i].list, "63"))
            continue;
        assert_int_equal(live_processors(wrong[i].list, &got, &e), -ERR_USAGE);
        assert_non_null(strstr(e.message, wrong[i].says));
        assert_non_null(strstr(e.message, "--processors"));
    }
}

static void options_of_a_run(void **state)
{
    (void)state;
    struct options o = {.accesses = 1, .noise = NOISE_SLEEP, .seed = 7};
    struct live_options l;
    struct err e;
    assert_int_equal(live_options_of(&o, &l, &e), 0);
    assert_int_equal(l.accesses, 1);
    assert_true(l.noise == NOISE_SLEEP && l.noise_1_in > 0 && l.noise_us > 0 && l.seed == 7);
    o = (struct options){0};
    assert_int_equal(live_options_of(&o, &l, &e), 0);
    assert_true(l.noise == NOISE_NONE && l.processors == 0 && l.pace == 0);
}

/* Is it running, by the kernel's word? 'R' from when it is on a processor or waits for one. */
static int is_alive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

static void load_ends_when_told(void **state)
{
    (void)state;
    struct live_load l;
    struct err e;
    assert_int_equal(live_load_begin(&l, 3, 0, &e), 0);
    assert_int_equal(l.n, 3);
    pid_t pid[3];
    memcpy(pid, l.pid, sizeof pid);
    for (int i = 0; i < 3; i++)
        assert_true(is_alive(pid[i]));
    live_load_end(&l);
    for (int i = 0; i < 3; i++)
        assert_false(is_alive(pid[i]));
    live_load_end(&l); /* once more does nothing */
    assert_int_equal(live_load_begin(&l, LIVE_LOAD_MAX + 1, 0, &e), -ERR_USAGE);
    assert_int_equal(l.n, 0);
}

/* The load of a process that is killed goes with it. */
static void load_ends_with_us(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t parent = fork();
    assert_true(parent >= 0);
    if (parent == 0) {
        struct live_load l;
        struct err e;
        live_load_begin(&l, 2, 0, &e);
        if (write(ends[1], l.pid, 2 * sizeof *l.pid) < 0)
            _exit(1);
        for (;;)
            pause();
    }
    pid_t pid[2];
    assert_int_equal(read(ends[0], pid, sizeof pid), sizeof pid);
    kill(parent, SIGKILL);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    for (int i = 0; i < 2; i++) { /* orphans now, which init buries when it comes to it */
        int n = 0;
        while (is_alive(pid[i]) && n++ < 2000) {
            char path[64], line[256] = "";
            snprintf(path, sizeof path, "/proc/%d/stat", pid[i]);
            FILE *f = fopen(path, "re");
            if (f && !fgets(line, sizeof line, f))
                line[0] = 0;
            if (f)
                fclose(f);
            if (strstr(line, ") Z "))
                break;
            usleep(5000);
        }
        assert_true(n < 2000);
    }
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_names_processors), cmocka_unit_test(a_wrong_list_is_said),
        cmocka_unit_test(options_of_a_run),        cmocka_unit_test(load_ends_when_told),
        cmocka_unit_test(load_ends_with_us),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
