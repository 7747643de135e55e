/* The learner's own copy of a program, what changed in it, and noticing that it was saved, in the
 * ways in which editors do. */
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

#include "copy.h"
#include "watch.h"

static char folder[64];

static int setup(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/lockstep-copy-XXXXXX");
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

static char *in_folder(const char *name)
{
    return xasprintf("%s/%s", folder, name);
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void assert_holds(const char *path, const char *text)
{
    struct buf b = {0};
    struct err e = {0};
    assert_int_equal(copy_read(path, 1000, &b, &e), 0);
    assert_string_equal(b.data ? b.data : "", text);
    buf_fini(&b);
}

static void a_copy_is_made_once_and_kept(void **state)
{
    (void)state;
    struct lesson l = {.id = "race/x"};
    struct lesson_challenge fix = {.id = "fix", .file = "a.c"},
                            second = {.id = "two", .file = "a.c"};
    struct err e = {0};
    char *path = copy_path(folder, &l, &fix), *other = copy_path(folder, &l, &second), *kept;
    assert_string_equal(path + strlen(folder), "/work/race/x/a.c");
    assert_string_equal(other + strlen(folder), "/work/race/x/two/a.c");
    assert_int_equal(copy_make(path, "one\n", 4, &e), 1);
    assert_holds(path, "one\n");
    put(path, "mine\n");
    assert_int_equal(copy_make(path, "one\n", 4, &e), 0); /* it is there */
    assert_holds(path, "mine\n");
    for (int i = 1; i <= 2; i++) {
        char *expected = xasprintf("%s/work/race/x/a.%d.c", folder, i);
        assert_int_equal(copy_reset(path, "one\n", 4, &kept, &e), 0);
        assert_string_equal(kept, expected);
        assert_holds(kept, i == 1 ? "mine\n" : "again\n");
        assert_holds(path, "one\n");
        put(path, "again\n");
        free(kept);
        free(expected);
    }
    unlink(path);
    assert_int_equal(copy_reset(path, "one\n", 4, &kept, &e), 0);
    assert_null(kept);
    free(path);
    free(other);
}

static void what_cannot_be_made_or_read_is_told(void **state)
{
    (void)state;
    struct buf b = {0};
    struct err e = {0};
    char *file = in_folder("file"), *below = in_folder("file/x/a.c");
    put(file, "0123456789");
    assert_int_equal(copy_make(below, "", 0, &e), -ERR_CREATE);
    assert_non_null(strstr(e.message, "file"));
    assert_int_equal(copy_read(file, 9, &b, &e), -ERR_DATA);
    assert_int_equal(copy_read(folder, 9, &b, &e), -ERR_DATA);
    assert_int_equal(copy_read(below, 9, &b, &e), -ERR_OPEN);
    buf_fini(&b);
    free(file);
    free(below);
}

static void changes_are_told_line_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after, *diff;
        int n;
    } cases[] = {
        {"", "", "", 0},
        {"a\nb\n", "a\nb\n", " a\n b\n", 0},
        {"a\nb\nc\n", "a\nx\nc\n", " a\n-b\n+x\n c\n", 2},
        {"a\n", "", "-a\n", 1},
        {"", "a", "+a\n", 1},
        {"a\nb\nc\n", "b\nc\nd\n", "-a\n b\n c\n+d\n", 2},
        {"x\nx\n", "x\nx\nx\n", NULL, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        assert_int_equal(copy_diff(cases[i].before, cases[i].after, &out), cases[i].n);
        if (cases[i].diff)
            assert_string_equal(out.data ? out.data : "", cases[i].diff);
        buf_fini(&out);
    }
    struct buf many = {0}, out = {0};
    for (int i = 0; i < 501; i++)
        buf_puts(&many, "a\n");
    assert_int_equal(copy_diff(many.data, "a\n", &out), -1);
    assert_int_equal(out.len, 0);
    buf_fini(&many);
}

/* -------- watching: time is given by hand -------- */

/* What a look says until it has been quiet for long. */
static enum watch_news looked(struct watch *w, int64_t *now)
{
    enum watch_news news = watch_look(w, ++*now), later;
    *now += 2 * WATCH_EMPTY_MS;
    later = watch_look(w, *now);
    assert_int_equal(watch_look(w, ++*now), WATCH_NOTHING); /* told once */
    return news ? news : later;
}

static void each_way_of_saving_is_noticed(void **state)
{
    (void)state;
    char *path = in_folder("w.c"), *fresh = in_folder("w.c~new");
    int64_t now = 1000;
    put(path, "one");
    struct watch *w = watch_new(path);
    assert_int_equal(looked(w, &now), WATCH_NOTHING);
    put(path, "two!"); /* truncated and written */
    assert_int_equal(looked(w, &now), WATCH_CHANGED);
    put(fresh, "three");
    assert_int_equal(rename(fresh, path), 0); /* renamed over it */
    assert_int_equal(looked(w, &now), WATCH_CHANGED);
    put(fresh, "three"); /* the same bytes once more */
    assert_int_equal(rename(fresh, path), 0);
    assert_int_equal(looked(w, &now), WATCH_NOTHING);
    unlink(path); /* moved away, written anew */
    assert_int_equal(watch_look(w, ++now), WATCH_NOTHING);
    put(path, "four");
    assert_int_equal(looked(w, &now), WATCH_CHANGED);
    unlink(path);
    assert_int_equal(looked(w, &now), WATCH_GONE);
    assert_int_equal(looked(w, &now), WATCH_NOTHING);
    put(path, "four"); /* it is back */
    assert_int_equal(looked(w, &now), WATCH_CHANGED);
    watch_free(w);
    free(path);
    free(fresh);
}

/* While it is being written nothing is told; an empty file is half of a save. */
static void it_waits_until_it_is_quiet(void **state)
{
    (void)state;
    char *path = in_folder("q.c");
    int64_t now = 1000;
    put(path, "one");
    struct watch *w = watch_new(path);
    assert_int_equal(watch_look(w, now), WATCH_NOTHING);
    for (int i = 0; i < 10; i++) {
        char text[20] = "xxxxxxxxxxxxxxxxxxx";
        text[i + 5] = 0;
        put(path, text);
        assert_int_equal(watch_look(w, now += WATCH_QUIET_MS - 10), WATCH_NOTHING);
        assert_true(watch_wait(w, now) <= WATCH_QUIET_MS);
    }
    put(path, "");
    assert_int_equal(watch_look(w, now += 10), WATCH_NOTHING);
    assert_int_equal(watch_look(w, now += 2 * WATCH_QUIET_MS), WATCH_NOTHING);
    put(path, "all of it");
    assert_int_equal(watch_look(w, now += 10), WATCH_NOTHING);
    assert_int_equal(watch_look(w, now += WATCH_QUIET_MS), WATCH_CHANGED);
    watch_free(w);
    free(path);
}

static void a_file_that_is_not_there_yet_is_noticed(void **state)
{
    (void)state;
    char *path = in_folder("later.c");
    int64_t now = 1000;
    struct watch *w = watch_new(path);
    assert_true(watch_fd(w) >= 0);
    assert_int_equal(looked(w, &now), WATCH_NOTHING);
    put(path, "here");
    assert_int_equal(looked(w, &now), WATCH_CHANGED);
    watch_free(w);
    w = watch_new("/nonexistent/folder/a.c"); /* nothing to watch: time only */
    assert_int_equal(watch_fd(w), -1);
    assert_int_equal(looked(w, &now), WATCH_NOTHING);
    watch_free(w);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_made_once_and_kept),
        cmocka_unit_test(what_cannot_be_made_or_read_is_told),
        cmocka_unit_test(changes_are_told_line_by_line),
        cmocka_unit_test(each_way_of_saving_is_noticed),
        cmocka_unit_test(it_waits_until_it_is_quiet),
        cmocka_unit_test(a_file_that_is_not_there_yet_is_noticed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
