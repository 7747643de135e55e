/* Processes of a program that runs free: zombies, orphans, stopped and killed ones are shown as
 * what they are within 50 ms, their statuses decoded; nothing is left whatever ends lockstep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live_help.h"
#include "proc.h"

#define BAR_NS  50000000ull
#define LOOK_NS 25000000
enum { TRIES = 8 }; /* where the machine is busy, a look may come late: the best of some */

/* ---- within 50 ms ---- */
enum what { ZOMBIE, KILLED, STOPPED, ORPHAN, WHATS };
static const char *const words[WHATS] = {"zombie", "killed", "stopped", "orphan"};

struct seen {
    uint64_t at[WHATS]; /* of the machine's clock; 0: not yet */
    int32_t pid[WHATS];
};

static void note(struct seen *s, enum what what, const struct live_process *p)
{
    if (s->at[what])
        return;
    s->at[what] = run_now_ns();
    s->pid[what] = p->pid;
}

/* What is shown now for the first time. */
static void take_note(struct seen *s, const struct live_model *m)
{
    for (uint32_t i = 0; i < m->nprocesses; i++) {
        const struct live_process *p = &m->processes[i];
        if (p->state == PROC_ZOMBIE && p->has_status && WIFEXITED(p->status) &&
            WEXITSTATUS(p->status) == 3)
            note(s, ZOMBIE, p);
        if (p->state == PROC_ZOMBIE && p->has_status && WIFSIGNALED(p->status) &&
            WTERMSIG(p->status) == SIGKILL)
            note(s, KILLED, p);
        if (p->state == PROC_STOPPED)
            note(s, STOPPED, p);
        if (p->orphaned && !p->ended && p->parent == LIVE_NONE)
            note(s, ORPHAN, p);
    }
}

/* When it happened, as the program says; 0 if it does not. */
static uint64_t told(const char *output, const char *word, int32_t pid)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%s %" PRId32 " ", word, pid);
    const char *line = strstr(output, wanted);
    return line ? strtoull(line + strlen(wanted), NULL, 10) : 0;
}

static void try_once(uint64_t best[WHATS])
{
    struct run r;
    struct seen s = {0};
    struct timespec pause = {.tv_nsec = LOOK_NS};
    uint64_t until = run_now_ns() + 60000000000ull;
    int status;
    run_start(&r, "ends.c", NULL, NULL);
    while (!live_ended(r.live, &status) && run_now_ns() < until) {
        nanosleep(&pause, NULL);
        live_look(r.live, 300000);
        take_note(&s, r.model);
        for (uint32_t i = 0; i < r.model->ntasks; i++)
            if (r.model->tasks[i].ended) /* each has one thread, which lives as long */
                assert_true(r.model->processes[r.model->tasks[i].process].ended);
    }
    assert_true(live_ended(r.live, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 6);
    for (int i = 0; i < WHATS; i++) {
        uint64_t at = told(live_output(r.live, NULL)->data, words[i], s.pid[i]);
        if (!s.at[i] || !at)
            fail_msg("the %s was not shown as that", words[i]);
        assert_true(s.at[i] > at);
        if (s.at[i] - at < best[i])
            best[i] = s.at[i] - at;
    }
    run_end(&r);
}

static void each_is_shown_in_time(void **state)
{
    (void)state;
    uint64_t best[WHATS] = {~0ull, ~0ull, ~0ull, ~0ull};
    int done = 0;
    for (int i = 0; i < TRIES && !done; i++) {
        try_once(best);
        done = 1;
        for (int k = 0; k < WHATS; k++)
            done &= best[k] < BAR_NS;
    }
    for (int k = 0; k < WHATS; k++)
        print_message("%s: after %.1f ms\n", words[k], (double)best[k] / 1e6);
    assert_true(done);
}

/* ---- statuses, and what becomes of processes ---- */
static const struct live_process *with_status(const struct run *r, int status)
{
    for (uint32_t i = 0; i < r->model->nprocesses; i++)
        if (r->model->processes[i].has_status && r->model->processes[i].status == status)
            return &r->model->processes[i];
    fail_msg("no process has the status %x", (unsigned)status);
    return NULL;
}

static void statuses_are_those_of_wait(void **state)
{
    (void)state;
    struct run r;
    run_start(&r, "ends.c", NULL, NULL);
    assert_true(run_until(&r, run_is_over, 60000));
    assert_true(with_status(&r, 3 << 8)->reaped);
    assert_true(with_status(&r, SIGKILL)->reaped);
    assert_true(with_status(&r, 4 << 8)->reaped); /* went on after its stop */
    const struct live_process *orphan = with_status(&r, 5 << 8);
    assert_true(orphan->orphaned && !orphan->reaped);
    assert_int_equal(orphan->state, PROC_ENDED);
    assert_int_equal(r.model->processes[0].status, 6 << 8);
    for (uint32_t i = 0; i < r.model->ntasks; i++)
        assert_true(r.model->tasks[i].ended);
    run_end(&r);
}

/* ---- interventions ---- */
static int has_two_tasks(const struct run *r)
{
    return r->model->ntasks >= 2 && r->model->tasks[0].wait_since && r->model->tasks[1].wait_since;
}

static int is_stopped(const struct run *r)
{
    int stopped = r->model->processes[0].state == PROC_STOPPED;
    for (uint32_t i = 0; i < r->model->ntasks; i++)
        stopped &= r->model->tasks[i].state == TASK_STOPPED;
    return stopped;
}

static int runs_again(const struct run *r)
{
    return r->model->processes[0].state == PROC_RUNNING && r->model->tasks[1].kernel == 'S';
}

static void stop_continue_terminate(void **state)
{
    (void)state;
    struct run r;
    struct err e = {0};
    int status;
    run_start(&r, "waits.c", NULL, NULL);
    assert_true(run_until(&r, has_two_tasks, 30000));
    assert_int_equal(live_signal(r.live, 0, LIVE_NONE, SIGSTOP, &e), 0);
    assert_true(run_until(&r, is_stopped, 30000));
    assert_int_equal(live_signal(r.live, 0, LIVE_NONE, SIGCONT, &e), 0);
    assert_true(run_until(&r, runs_again, 30000));
    assert_int_equal(live_signal(r.live, 0, LIVE_NONE, SIGTERM, &e), 0);
    assert_true(run_until(&r, run_is_over, 30000));
    assert_true(live_ended(r.live, &status) && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    assert_int_equal(live_signal(r.live, 0, LIVE_NONE, SIGTERM, &e), -ERR_NOT_FOUND);
    assert_true(strlen(e.message) > 10);
    assert_int_equal(live_signal(r.live, 99, LIVE_NONE, SIGTERM, &e), -ERR_NOT_FOUND);
    assert_int_equal(live_signal(r.live, 0, 99, SIGTERM, &e), -ERR_NOT_FOUND);
    run_end(&r);
}

static uint32_t task_in(const struct run *r, unsigned kind)
{
    for (uint32_t i = 0; i < r->model->ntasks; i++)
        if (r->model->tasks[i].wait_since && r->model->tasks[i].wait_kind == kind)
            return i;
    return LIVE_NONE;
}

static int both_wait(const struct run *r)
{
    return task_in(r, EV_SEM_WAIT) != LIVE_NONE && task_in(r, EV_JOIN) != LIVE_NONE;
}

/* POSIX sem_wait: EINTR when a signal interrupted it. The program prints what it got, and ends. A
 * join cannot be interrupted. */
static void a_wait_is_ended(void **state)
{
    (void)state;
    struct run r;
    struct err e = {0};
    int status;
    run_start(&r, "waits.c", NULL, NULL);
    assert_true(run_until(&r, both_wait, 30000));
    assert_int_equal(live_interrupt(r.live, task_in(&r, EV_JOIN), &e), -ERR_UNSUPPORTED);
    assert_non_null(strstr(e.message, "join"));
    assert_int_equal(live_interrupt(r.live, task_in(&r, EV_SEM_WAIT), &e), 0);
    assert_true(run_until(&r, run_is_over, 30000));
    assert_true(live_ended(r.live, &status) && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_string_equal(live_output(r.live, NULL)->data, "sem_wait: EINTR\n");
    run_end(&r);
}

/* ---- nothing is left ---- */
static void closing_leaves_nothing(void **state)
{
    (void)state;
    struct run r;
    run_start(&r, "family.c", NULL, NULL);
    for (int i = 0; i < 1000 && r.model->nprocesses < 5; i++) {
        struct timespec pause = {.tv_nsec = 5000000};
        nanosleep(&pause, NULL);
        live_look(r.live, 100000);
    }
    assert_true(r.model->nprocesses >= 5);
    assert_true(run_descendants() >= 6);
    run_end(&r);
    assert_int_equal(run_descendants(), 0);
}

/* A lockstep that is killed: its keeper ends all the same. The pids go through a pipe. */
static void live_until_killed(int out)
{
    struct run r;
    run_start(&r, "family.c", NULL, NULL);
    for (;;) {
        struct timespec pause = {.tv_nsec = 5000000};
        nanosleep(&pause, NULL);
        live_look(r.live, 100000);
        if (r.model->nprocesses < 5)
            continue;
        for (uint32_t i = 0; i < r.model->nprocesses; i++)
            if (write(out, &r.model->processes[i].pid, sizeof(int32_t)) < 0)
                _exit(1);
        close(out);
        out = -1;
        pause.tv_sec = 600;
        nanosleep(&pause, NULL);
    }
}

static int is_there(int32_t pid)
{
    char path[64], text[1024];
    struct proc_stat s;
    struct proc_file f = PROC_CLOSED;
    snprintf(path, sizeof path, "/proc/%" PRId32 "/stat", pid);
    int there = proc_read(&f, path, text, sizeof text) > 0 && proc_parse_stat(text, &s) == 0 &&
                s.state != 'Z' && s.state != 'X' && strcmp(s.comm, "program") == 0;
    proc_close(&f);
    return there;
}

static void a_killed_lockstep_leaves_nothing(void **state)
{
    (void)state;
    int ends[2], n = 0;
    int32_t pids[16];
    assert_int_equal(pipe(ends), 0);
    pid_t lockstep = fork();
    if (lockstep == 0) {
        close(ends[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        live_until_killed(ends[1]);
    }
    close(ends[1]);
    while (n < 16 && read(ends[0], &pids[n], sizeof pids[n]) == sizeof pids[n])
        n++;
    close(ends[0]);
    assert_true(n >= 5);
    int alive = 0;
    for (int i = 0; i < n; i++)
        alive += is_there(pids[i]);
    assert_true(alive >= 4); /* all but the one whose child is an orphan */
    kill(lockstep, SIGKILL);
    waitpid(lockstep, NULL, 0);
    uint64_t until = run_now_ns() + 30000000000ull;
    int left = 1;
    while (left && run_now_ns() < until) {
        struct timespec pause = {.tv_nsec = 5000000};
        nanosleep(&pause, NULL);
        left = 0;
        for (int i = 0; i < n; i++)
            left += is_there(pids[i]);
    }
    assert_int_equal(left, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_shown_in_time),
        cmocka_unit_test(statuses_are_those_of_wait),
        cmocka_unit_test(stop_continue_terminate),
        cmocka_unit_test(a_wait_is_ended),
        cmocka_unit_test(closing_leaves_nothing),
        cmocka_unit_test(a_killed_lockstep_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
