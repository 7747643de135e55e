/* kill -9 at any moment: whatever was acknowledged is there, and the store is sound.
 *
 * A child saves without end and tells each acknowledged save through a pipe; it is killed after a
 * random time. Then the store is opened and compared with what the pipe said. */
#include "test_store_help.h"
#include "store_internal.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define ROUNDS 16 /* unless LOCKSTEP_ROUNDS says another number */

static unsigned seed = 20;

static unsigned random_below(unsigned n)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 8) % n;
}

static int rounds(void)
{
    const char *wanted = getenv("LOCKSTEP_ROUNDS");
    return wanted ? atoi(wanted) : ROUNDS;
}

static int64_t elapsed_us(const struct timespec *since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - since->tv_sec) * 1000000 + (now.tv_nsec - since->tv_nsec) / 1000;
}

/* One of each kind of save, so that all tables are hit; number n is found again by check_saved. */
static int save(struct store *s, int n, struct err *e)
{
    char id[32], source[2000];
    snprintf(id, sizeof id, "n%d", n);
    memset(source, 'a' + n % 26, sizeof source - 1);
    source[sizeof source - 1] = '\0';
    struct store_attempt a = {.lesson = id, .challenge = "c", .kind = STORE_FIX, .tried = source};
    switch (n % 4) {
    case 0:
        return store_place_save(s, id, n % 7, source, e);
    case 1:
        return store_answer_save(s, id, "q", source, 1, e);
    case 2:
        return store_attempt_save(s, &a, e);
    default:
        return store_setting_set(s, id, source, e);
    }
}

static int is_saved(struct store *s, int n)
{
    char id[32], *text = NULL;
    struct store_lesson *place = NULL;
    struct store_answer *answer = NULL;
    struct store_attempt *attempt = NULL;
    snprintf(id, sizeof id, "n%d", n);
    int found = n % 4 == 0   ? store_place_get(s, id, &place, &error)
                : n % 4 == 1 ? store_answer_get(s, id, "q", &answer, &error)
                : n % 4 == 2 ? store_attempt_last(s, id, "c", &attempt, &error)
                             : store_setting_get(s, id, &text, &error);
    const char *source = place     ? place->position
                         : answer  ? answer->answer
                         : attempt ? attempt->tried
                         : text    ? text
                                   : "";
    int whole = found == 1 && strlen(source) == 1999 && source[1998] == 'a' + n % 26;
    free(place);
    free(answer);
    free(attempt);
    free(text);
    return whole;
}

static _Noreturn void write_until_killed(struct fixture *f, int from, int pipe_fd)
{
    struct store *s;
    struct err why;
    if (store_open(&s, &f->options, &why) != 0)
        _exit(1);
    for (int n = from;; n++)
        if (save(s, n, &why) != 0 || write(pipe_fd, &n, sizeof n) != sizeof n)
            _exit(2);
}

/* Wait for `acks` acknowledgements, then a random part of a save longer, then kill. The first
 * number that was not acknowledged, or -1 when the child ended by itself. */
static int kill_after(pid_t pid, int from, int pipe_fd, unsigned acks)
{
    int n, next = from, status;
    for (unsigned i = 0; i < acks && read(pipe_fd, &n, sizeof n) == sizeof n; i++)
        next = n + 1;
    nanosleep(&(struct timespec){.tv_nsec = (long)random_below(3000) * 1000}, NULL);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    while (read(pipe_fd, &n, sizeof n) == sizeof n)
        next = n + 1;
    return WIFSIGNALED(status) ? next : -1;
}

static int run_round(struct fixture *f, int from)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(fds[0]);
        write_until_killed(f, from, fds[1]);
    }
    close(fds[1]);
    int next = kill_after(pid, from, fds[0], random_below(12));
    close(fds[0]);
    assert_true(next >= from);
    return next;
}

/* The save after the last acknowledged one may be there or not, but not half of it. */
static void check_saved(struct fixture *f, int from, int next)
{
    struct store *s;
    struct store_lesson *last;
    assert_ok(store_open(&s, &f->options, &error));
    assert_string_equal(store_notice(s), "");
    assert_ok(store_check(s, &error));
    for (int n = from; n < next; n++)
        if (!is_saved(s, n))
            fail_msg("save %d was acknowledged and is lost", n);
    int place = (next - 1) / 4 * 4;
    if (next > 0 && store_place_last(s, &last, &error) == 1) {
        int shown = atoi(last->lesson + 1);
        assert_true(shown == place || shown == place + 4);
        free(last);
    }
    store_close(s);
}

static void nothing_acknowledged_is_lost(struct fixture *f, enum store_journal journal)
{
    int next = 0;
    f->options.journal = journal;
    for (int round = 0; round < rounds(); round++) {
        int from = next;
        next = run_round(f, from);
        check_saved(f, from, next);
    }
    check_saved(f, 0, next);
    assert_true(next > rounds());
}

static void killed_with_the_log(void **state)
{
    nothing_acknowledged_is_lost(*state, STORE_JOURNAL_WAL);
}

static void killed_with_the_rollback_journal(void **state)
{
    nothing_acknowledged_is_lost(*state, STORE_JOURNAL_ROLLBACK);
}

/* The next schema, with enough to do that a kill falls into it. */
static const struct store_schema *next_schema(void)
{
    static const char *steps[2];
    static const struct store_schema next = {steps, 2};
    steps[0] = store_schema_current.steps[0];
    steps[1] = "CREATE TABLE next (id INTEGER PRIMARY KEY, t TEXT) STRICT;"
               "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
               " INSERT INTO next SELECT i, hex(randomblob(100)) FROM n";
    return &next;
}

/* Open in a child that is killed after delay_us; 0: not at all. */
static void open_and_kill(struct fixture *f, const struct store_schema *schema, int64_t delay_us)
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct store *s;
        struct err why;
        _exit(store_open_with(&s, &f->options, schema, &why) == 0 ? 0 : 1);
    }
    if (delay_us) {
        nanosleep(&(struct timespec){.tv_nsec = delay_us * 1000}, NULL);
        kill(pid, SIGKILL);
    }
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}

static void remove_store(struct fixture *f)
{
    char *command = xasprintf("rm -f '%s' '%s'-* '%s'.*", f->path, f->path, f->path);
    assert_int_equal(system(command), 0);
    free(command);
}

/* Sound, and of the one schema or the other; 1 if of the next. */
static int check_either(struct fixture *f)
{
    struct store *s;
    int64_t rows = 0;
    assert_ok(store_open(&s, &f->options, &error));
    assert_null(strstr(store_notice(s), "damaged"));
    assert_ok(store_check(s, &error));
    int newer = store_mode(s) == STORE_NEWER;
    if (newer)
        assert_rc(store_db_number(s, "SELECT count(*) FROM next", NO_VALUES, &rows, &error), 1);
    assert_int_equal(rows, newer ? 2000 : 0);
    store_close(s);
    return newer;
}

/* Killed while the file is made, or brought to the next schema: it opens as the one or the other.
 */
static void killed_while_opening(void **state)
{
    struct fixture *f = *state;
    struct timespec start;
    int as_newer = 0, as_older = 0;
    open_and_kill(f, &store_schema_current, 0);
    clock_gettime(CLOCK_MONOTONIC, &start);
    open_and_kill(f, next_schema(), 0);
    int64_t whole_us = elapsed_us(&start);
    for (int round = 0; round < 4 * rounds() || /* a busy machine may need more to meet both */
                        (!(as_newer && as_older) && round < 40 * rounds());
         round++) {
        if (round % 4 == 0)
            remove_store(f);
        open_and_kill(f, round % 4 ? next_schema() : &store_schema_current,
                      1 + random_below((unsigned)whole_us * 3 / 2));
        int newer = check_either(f);
        as_newer += newer;
        as_older += !newer;
    }
    assert_true(as_newer > 0 && as_older > 0);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(killed_with_the_log),
        FRESH(killed_with_the_rollback_journal),
        FRESH(killed_while_opening),
    };
    return cmocka_run_group_tests_name("store_kill", tests, NULL, NULL);
}
