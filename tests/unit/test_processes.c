/* Executions of several processes: the world keeps their books, tasks and places are told apart by
 * process, and the sentences say who is whose parent, who waits for whom, who has a pipe open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>

#include "explain.h"
#include "happens_before.h"
#include "made_trace.h"
#include "tree.h"

enum { PIPE = 0xd40, SHARED = 0x700000 };
#define IN(process_, addr_) (((uint64_t)(process_) << PLACE_BITS) | (addr_))

static struct trace trace;
static struct world_view *view;
static char *last_text;

/* Names that know two memories: what is a global belongs to a process. */
static void object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    if (addr == PIPE)
        snprintf(out, n, "pipe#1");
    else if (addr == SHARED)
        snprintf(out, n, "shared#1");
    else
        made_object(ctx, addr & PLACE_ADDRESS, size, out, n);
}

static int is_private(void *ctx, uint64_t addr)
{
    (void)ctx;
    return addr >= COUNTER && addr < HEAP;
}

static const struct names names = {
    .object = object, .place = made_place, .value = made_value, .is_private = is_private};

static int setup(void **state)
{
    (void)state;
    trace_init(&trace);
    STEP(&trace, PROCESS, 0, .a = 1000, .b = 999);
    STEP(&trace, PENDING, 0, .a = EV_FORK);
    view = world_view_new(&trace);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_view_free(view);
    trace_fini(&trace);
    free(last_text);
    last_text = NULL;
    return 0;
}

static const char *keep(struct buf *b)
{
    free(last_text);
    return last_text = b->data;
}

static const char *why(uint32_t step)
{
    struct buf b = {0};
    explain_step(&trace, view, step, &names, &b);
    return keep(&b);
}

static const char *blocked(unsigned task)
{
    struct buf b = {0};
    explain_blocked(&trace, view, trace.nsteps, task, &names, &b);
    return keep(&b);
}

static const char *finding(void)
{
    struct buf b = {0};
    explain_finding(&trace, trace_find_back(&trace, trace.nsteps, EV_FINDING), &names, &b);
    return keep(&b);
}

static const char *plain(uint32_t step)
{
    struct buf b = {0};
    explain_plain_line(&trace, view, step, &names, &b);
    return keep(&b);
}

static const struct world *now(void)
{
    return world_at(view, trace.nsteps);
}

/* `task` of `process` forks `child`, whose only task is `copy`. */
static void forks(uint16_t process, uint16_t task, uint16_t child, uint16_t copy)
{
    STEP(&trace, FORK, task, .process = process, .other = copy, .a = 1000u + child,
         .pc = PC(F_MAIN, 5));
    STEP(&trace, PROCESS, copy, .process = child, .other = task, .a = 1000u + child,
         .b = 1000u + process);
    STEP(&trace, PENDING, copy, .process = child, .a = EV_START, .pc = PC(F_MAIN, 5));
}

static void ends(uint16_t process, uint16_t task, int status, int zombie)
{
    STEP(&trace, EXIT, task, .process = process, .result = status);
    STEP(&trace, PROCESS_END, task, .process = process, .result = status, .b = (unsigned)zombie);
}

/* -------- the books -------- */

static void the_first_process_needs_no_event(void **state)
{
    (void)state;
    trace_clear(&trace);
    const struct world *w = world_at(view, 0);
    assert_int_equal(w->nprocesses, 1);
    assert_true(w->processes[0].exists);
    assert_int_equal(w->processes[0].pid, 1000);
    assert_int_equal(w->processes[0].parent_pid, 999);
    assert_int_equal(w->processes[0].parent, NO_PROCESS);
    assert_int_equal(w->processes[0].state, PROC_RUNNING);
    STEP(&trace, EXIT, 0, .result = 4);
    STEP(&trace, FINISHED, 0, .a = FINISH_EXIT, .result = 4);
    assert_int_equal(now()->processes[0].state, PROC_ENDED);
    assert_int_equal(now()->processes[0].status, 4);
}

static void a_child_lives_becomes_a_zombie_and_is_reaped(void **state)
{
    (void)state;
    forks(0, 0, 1, 1);
    const struct world_process *p = &now()->processes[1];
    assert_int_equal(now()->nprocesses, 2);
    assert_int_equal(p->pid, 1001);
    assert_int_equal(p->parent_pid, 1000);
    assert_int_equal(p->parent, 0);
    assert_int_equal(p->first_task, 1);
    assert_int_equal(p->began, 1);
    assert_int_equal(now()->tasks[1].process, 1);
    assert_int_equal(now()->tasks[1].parent, 0);
    assert_true(now()->tasks[1].is_copy);
    STEP(&trace, START, 1, .process = 1);
    STEP(&trace, CREATE, 1, .process = 1, .other = 2, .addr = 0x1000u * F_INC);
    assert_int_equal(now()->tasks[2].process, 1);
    ends(1, 1, 3, 1);
    p = &now()->processes[1];
    assert_int_equal(p->state, PROC_ZOMBIE);
    assert_int_equal(p->ended, 4);
    assert_int_equal(p->status, 3);
    assert_false(p->by_signal);
    assert_int_equal(now()->tasks[1].state, TASK_DONE);
    assert_int_equal(now()->tasks[2].state, TASK_DONE); /* all of it ends */
    assert_int_equal(now()->tasks[0].state, TASK_READY);
    STEP(&trace, WAIT, 0, .a = (uint64_t)-1, .b = 1001, .size = 3 << 8, .other = 1);
    STEP(&trace, PROCESS_STATE, 1, .process = 1, .a = PROCESS_REAPED);
    assert_int_equal(now()->processes[1].state, PROC_REAPED);
    /* and back again */
    assert_int_equal(world_at(view, 4)->processes[1].state, PROC_ZOMBIE);
    assert_int_equal(world_at(view, 3)->processes[1].state, PROC_RUNNING);
    assert_int_equal(world_at(view, 0)->nprocesses, 1);
    trace_truncate(&trace, 0);
    assert_int_equal(now()->nprocesses, 1);
    assert_false(trace_is_forked(&trace, 9));
}

static void a_child_killed_by_a_signal(void **state)
{
    (void)state;
    forks(0, 0, 1, 1);
    STEP(&trace, KILL, 0, .a = 1001, .b = SIGTERM, .other = 1);
    STEP(&trace, SIGNAL, 1, .process = 1, .a = SIGTERM, .other = 0);
    STEP(&trace, PROCESS_END, 1, .process = 1, .a = 1, .result = SIGTERM, .b = 1);
    assert_true(now()->processes[1].by_signal);
    assert_int_equal(now()->processes[1].status, SIGTERM);
    assert_string_equal(why(2), "P0.T0 sends SIGTERM to P1 (pid 1001).");
    assert_string_equal(why(3), "P1.T1 takes SIGTERM, which nothing handles: it does what it does "
                                "by default. P0.T0 sent it. P1 (pid 1001) is ended by SIGTERM; it "
                                "is a zombie until P0 waits for it.");
    STEP(&trace, WAIT, 0, .a = 1001, .b = 1001, .size = SIGTERM, .other = 1);
    assert_string_equal(why(4),
                        "P0.T0 waits for P1 (pid 1001), which was ended by SIGTERM at step 3.");
}

static void an_orphan_has_another_parent(void **state)
{
    (void)state;
    forks(0, 0, 1, 1);
    forks(1, 1, 2, 2);
    ends(1, 1, 0, 1);
    STEP(&trace, PROCESS_STATE, 2, .process = 2, .a = PROCESS_ORPHANED, .b = 1);
    const struct world_process *p = &now()->processes[2];
    assert_int_equal(p->orphaned, 3);
    assert_int_equal(p->parent, NO_PROCESS);
    assert_int_equal(p->parent_pid, 1);
    assert_int_equal(p->forked_by, 1); /* its place in the tree stays */
    assert_int_equal(p->state, PROC_RUNNING);
    assert_non_null(strstr(why(3), "P2 (pid 1002) has lost its parent and is an orphan: init (pid "
                                   "1) is its parent now."));
    struct tree_row rows[TREE_ROWS];
    assert_int_equal(tree_rows(now(), 5, rows), 5); /* P0 T0, P1 folded, P2 T2 */
    assert_int_equal(rows[0].task, NO_TASK);
    assert_int_equal(rows[1].task, 0);
    assert_int_equal(rows[2].process, 1);
    assert_int_equal(rows[2].depth, 1);
    assert_int_equal(rows[3].process, 2);
    assert_int_equal(rows[3].depth, 2);
    assert_int_equal(rows[4].task, 2);
    assert_int_equal(tree_rows(now(), 4, rows), 3); /* P0, P1, P2 */
    assert_int_equal(rows[0].only, 0);
    assert_int_equal(rows[1].only, NO_TASK);
    assert_int_equal(rows[2].only, 2);
}

static void a_zombie_whose_parent_ends_is_gone(void **state)
{
    (void)state;
    forks(0, 0, 1, 1);
    ends(1, 1, 0, 1);
    ends(0, 0, 0, 0);
    STEP(&trace, PROCESS_STATE, 1, .process = 1, .a = PROCESS_ORPHANED, .b = 1);
    assert_int_equal(now()->processes[1].state, PROC_ENDED);
}

static void stopped_and_continued(void **state)
{
    (void)state;
    forks(0, 0, 1, 1);
    STEP(&trace, KILL, 0, .a = 1001, .b = SIGSTOP, .other = 1);
    STEP(&trace, PROCESS_STATE, 1, .process = 1, .a = PROCESS_STOPPED);
    STEP(&trace, BLOCKED, 1, .process = 1, .a = BLOCK_STOPPED);
    assert_int_equal(now()->processes[1].state, PROC_STOPPED);
    assert_int_equal(now()->tasks[1].state, TASK_STOPPED);
    assert_string_equal(blocked(1), "P1.T1 cannot go on: P1 is stopped since step 2, until "
                                    "somebody continues it (SIGCONT).");
    STEP(&trace, KILL, 0, .a = 1001, .b = SIGCONT, .other = 1);
    STEP(&trace, PROCESS_STATE, 1, .process = 1, .a = PROCESS_CONTINUED);
    STEP(&trace, READY, 1, .process = 1, .a = 0);
    assert_int_equal(now()->processes[1].state, PROC_RUNNING);
    assert_int_equal(now()->tasks[1].state, TASK_READY);
}

static void another_program_runs_free(void **state)
{
    (void)state;
    forks(0, 0, 1, 1);
    TEXT(&trace, "/bin/true", EXEC, 1, .process = 1);
    STEP(&trace, PROCESS_STATE, 1, .process = 1, .a = PROCESS_FREE);
    assert_int_equal(now()->processes[1].state, PROC_FREE);
    assert_int_equal(now()->tasks[1].state, TASK_FREE);
    assert_int_equal(now()->processes[1].nprogram, 9);
    assert_non_null(strstr(why(2), "\"/bin/true\""));
    assert_non_null(strstr(why(2), "not under control"));
    TEXT(&trace, "/no/such", EXEC, 0, .result = ENOENT);
    assert_string_equal(why(3), "P0.T0 tries to run \"/no/such\": the call fails with ENOENT.");
}

static void memory_of_two_processes_is_two_places(void **state)
{
    (void)state;
    forks(0, 0, 1, 1);
    STEP(&trace, WRITE, 0, .addr = COUNTER, .size = 4, .a = 1, .b = 2);
    STEP(&trace, WRITE, 1, .process = 1, .addr = IN(1, COUNTER), .size = 4, .a = 1, .b = 5);
    assert_int_equal(world_object(now(), COUNTER)->value, 2);
    assert_int_equal(world_object(now(), IN(1, COUNTER))->value, 5);
    assert_string_equal(why(2), "P0.T0 changes counter in P0 from 1 to 2.");
    assert_string_equal(why(3), "P1.T1 changes counter in P1 from 1 to 5."); /* and no race */
    STEP(&trace, WRITE, 1, .process = 1, .addr = SHARED, .size = 4, .b = 1);
    STEP(&trace, READ, 0, .addr = SHARED, .size = 4, .a = 1);
    assert_non_null(strstr(why(5), "P0.T0 reads 1 from shared#1."));
    assert_non_null(strstr(why(5), "data race")); /* shared memory is one place */
}

static void fork_wait_pipe_and_signal_order(void **state)
{
    (void)state;
    STEP(&trace, WRITE, 0, .addr = SHARED, .size = 4, .b = 1);
    forks(0, 0, 1, 1);
    STEP(&trace, READ, 1, .process = 1, .addr = SHARED, .size = 4, .a = 1);
    assert_true(order_before(&trace, 1, 3)); /* before the fork */
    assert_null(strstr(why(3), "race"));
    STEP(&trace, WRITE, 1, .process = 1, .addr = SHARED, .size = 4, .a = 1, .b = 2);
    STEP(&trace, READ, 0, .addr = SHARED, .size = 4, .a = 2);
    assert_non_null(strstr(why(5), "race")); /* nobody waited yet */
    TEXT(&trace, "x", FD_WRITE, 1, .process = 1, .addr = PIPE, .a = 4, .b = 1, .size = 1);
    TEXT(&trace, "x", FD_READ, 0, .addr = PIPE, .a = 3, .b = 1, .size = 1);
    STEP(&trace, READ, 0, .addr = SHARED, .size = 4, .a = 2);
    assert_true(order_before(&trace, 4, 8)); /* through the pipe */
    STEP(&trace, WRITE, 1, .process = 1, .addr = SHARED, .size = 4, .a = 2, .b = 3);
    ends(1, 1, 0, 1);
    assert_false(order_before(&trace, 9, 10 + 1));
    STEP(&trace, WAIT, 0, .a = 1001, .b = 1001, .other = 1);
    STEP(&trace, READ, 0, .addr = SHARED, .size = 4, .a = 3);
    assert_true(order_before(&trace, 9, 12)); /* after the wait */
    assert_null(strstr(why(12), "race"));
    forks(0, 0, 2, 2);
    STEP(&trace, WRITE, 0, .addr = SHARED, .size = 4, .a = 3, .b = 4);
    STEP(&trace, KILL, 0, .a = 1002, .b = SIGUSR1, .other = 2);
    STEP(&trace, SIGNAL, 2, .process = 2, .a = SIGUSR1, .b = 1, .other = 0);
    STEP(&trace, READ, 2, .process = 2, .addr = SHARED, .size = 4, .a = 4);
    assert_true(order_before(&trace, 14, 17)); /* through the signal */
}

/* -------- descriptors -------- */

static void makes_pipe(void)
{
    TEXT(&trace, "pipe", PIPE, 0, .addr = PIPE, .a = 3, .b = 4, .size = 65536);
}

static void a_pipe_has_bytes_and_ends(void **state)
{
    (void)state;
    makes_pipe();
    assert_string_equal(why(1), "T0 makes pipe#1: descriptor 3 reads from it, 4 writes to it.");
    assert_int_equal(world_object(now(), PIPE)->class, OBJ_PIPE);
    assert_int_equal(world_object(now(), PIPE)->limit, 65536);
    forks(0, 0, 1, 1);
    assert_int_equal(world_ends(now(), PIPE, 0), 3); /* both ends in both processes */
    assert_int_equal(world_ends(now(), PIPE, 1), 3);
    STEP(&trace, FD_CLOSE, 0, .addr = PIPE, .a = 4);
    assert_string_equal(why(3), "P0.T0 closes descriptor 4, the end for writing of pipe#1.");
    TEXT(&trace, "hello", FD_WRITE, 1, .process = 1, .addr = PIPE, .a = 4, .b = 5, .size = 5);
    assert_int_equal(world_object(now(), PIPE)->count, 5);
    assert_string_equal(why(4), "P1.T1 writes 5 bytes to pipe#1: \"hello\". 5 of 65536 bytes are "
                                "in it now.");
    STEP(&trace, FD_DUP, 1, .process = 1, .addr = PIPE, .a = 4, .b = 1);
    assert_string_equal(why(5), "P1.T1 makes descriptor 1 a second name of 4: pipe#1.");
    STEP(&trace, FD_CLOSE, 1, .process = 1, .addr = PIPE, .a = 4);
    assert_int_equal(world_ends(now(), PIPE, 1), 2); /* it still has 1 */
    TEXT(&trace, "hel", FD_READ, 0, .addr = PIPE, .a = 3, .b = 3, .size = 3);
    assert_int_equal(world_object(now(), PIPE)->count, 2);
    ends(1, 1, 0, 1);
    assert_int_equal(world_ends(now(), PIPE, 1), 0); /* what a process has open ends with it */
    assert_int_equal(world_ends(now(), PIPE, 0), 1);
    TEXT(&trace, "lo", FD_READ, 0, .addr = PIPE, .a = 3, .b = 3, .size = 2);
    STEP(&trace, FD_READ, 0, .addr = PIPE, .a = 3, .b = 3);
    assert_string_equal(why(trace.nsteps), "P0.T0 reads from pipe#1 and finds the end: it is "
                                           "empty, and nobody has it open for writing any more.");
    assert_int_equal(world_ends(world_at(view, 4), PIPE, 1), 2); /* back in time */
    assert_int_equal(world_ends(world_at(view, 1), PIPE, 1), 1);
    assert_int_equal(world_at(view, 0)->nfds, 0);
}

static void the_last_end_closed_is_told(void **state)
{
    (void)state;
    makes_pipe();
    STEP(&trace, FD_CLOSE, 0, .addr = PIPE, .a = 3);
    assert_string_equal(why(2), "T0 closes descriptor 3, the end for reading of pipe#1. Nobody can "
                                "read from it any more: whoever writes to it gets SIGPIPE.");
    STEP(&trace, FD_WRITE, 0, .addr = PIPE, .a = 4, .b = 1, .result = EPIPE);
    assert_string_equal(why(3), "T0 tries to write to pipe#1: the call fails with EPIPE: nobody "
                                "has it open for reading any more.");
    STEP(&trace, FD_CLOSE, 0, .addr = PIPE, .a = 9, .result = EBADF);
    assert_string_equal(why(4), "T0 tries to close descriptor 9: the call fails with EBADF.");
}

static void a_full_pipe_and_a_wait_are_a_circle(void **state)
{
    (void)state;
    makes_pipe();
    forks(0, 0, 1, 1);
    STEP(&trace, FD_CLOSE, 0, .addr = PIPE, .a = 4);
    STEP(&trace, PENDING, 0, .a = EV_WAIT, .addr = (uint64_t)-1, .pc = PC(F_MAIN, 9));
    STEP(&trace, BLOCKED, 0, .a = BLOCK_CHILD);
    assert_string_equal(blocked(0), "P0.T0 waits since step 3 for its child P1 (pid 1001) to end.");
    STEP(&trace, FD_CLOSE, 1, .process = 1, .addr = PIPE, .a = 3);
    STEP(&trace, FD_WRITE, 1, .process = 1, .addr = PIPE, .a = 4, .b = 70000, .size = 65536);
    STEP(&trace, PENDING, 1, .process = 1, .a = EV_FD_WRITE, .addr = PIPE, .pc = PC(F_MAIN, 7));
    STEP(&trace, BLOCKED, 1, .process = 1, .a = BLOCK_WRITE, .addr = PIPE);
    STEP(&trace, FINDING, 1, .process = 1, .a = FIND_DEADLOCK, .addr = PIPE);
    STEP(&trace, FINISHED, 1, .process = 1, .a = FINISH_DEADLOCK);
    assert_non_null(strstr(blocked(1), "P1.T1 waits since step 5: pipe#1 is full (65536 bytes) "
                                       "until somebody reads. P0 could read from it."));
    assert_string_equal(finding(),
                        "Deadlock: P1.T1 waits in counter.c:7 until P0.T0 reads from pipe#1, which "
                        "is full; P0.T0 waits in counter.c:9 for its child P1 to end. They wait in "
                        "a circle, so none of them can ever go on.");
}

static void an_end_left_open_in_the_reader(void **state)
{
    (void)state;
    makes_pipe();
    forks(0, 0, 1, 1);
    ends(1, 1, 0, 1);
    STEP(&trace, YIELD, 0, .a = 0);
    STEP(&trace, PENDING, 0, .a = EV_FD_READ, .addr = PIPE, .pc = PC(F_MAIN, 12));
    STEP(&trace, BLOCKED, 0, .a = BLOCK_READ, .addr = PIPE);
    STEP(&trace, FINDING, 0, .a = FIND_DEADLOCK, .addr = PIPE);
    STEP(&trace, FINISHED, 0, .a = FINISH_DEADLOCK);
    assert_non_null(strstr(blocked(0), "Only P0 itself has it open to write to it."));
    assert_string_equal(finding(),
                        "Deadlock: P0.T0 waits in counter.c:12 until somebody writes to pipe#1, "
                        "which only P0 itself still has open. It waits for itself and can never go "
                        "on.");
}

static void other_channels(void **state)
{
    (void)state;
    TEXT(&trace, "socketpair", PIPE, 0, .addr = PIPE, .a = 3, .b = 4);
    assert_int_equal(world_object(now(), PIPE)->class, OBJ_SOCKET);
    assert_int_equal(world_ends(now(), PIPE, 0), 1);
    STEP(&trace, FD_CLOSE, 0, .addr = PIPE, .a = 3);
    assert_int_equal(world_ends(now(), PIPE, 0), 1); /* 4 reads, too */
    TEXT(&trace, "eventfd", PIPE, 0, .addr = PIPE + 1, .a = 5, .b = (uint64_t)-1);
    assert_int_equal(world_object(now(), PIPE + 1)->class, OBJ_EVENTFD);
    assert_int_equal(now()->nfds, 2);
    STEP(&trace, MQ_SEND, 0, .addr = PIPE + 2, .a = 1, .b = 3, .size = 10);
    assert_int_equal(world_object(now(), PIPE + 2)->class, OBJ_QUEUE);
    assert_int_equal(world_object(now(), PIPE + 2)->count, 1);
}

/* -------- words -------- */

static void names_change_with_the_second_process(void **state)
{
    (void)state;
    STEP(&trace, WRITE, 0, .addr = COUNTER, .size = 4, .b = 1, .pc = PC(F_MAIN, 4));
    assert_string_equal(why(1), "T0 changes counter from 0 to 1.");
    forks(0, 0, 1, 1);
    assert_string_equal(why(1), "T0 changes counter from 0 to 1."); /* whatever came after */
    assert_string_equal(why(2), "P0.T0 forks: P1 (pid 1001) begins with P1.T1, a copy of P0.T0. "
                                "Both go on behind the fork, which returns 1001 to P0.T0 and 0 to "
                                "P1.T1.");
    STEP(&trace, START, 1, .process = 1, .pc = PC(F_MAIN, 5));
    assert_string_equal(why(3), "P1.T1 begins where P0.T0 was when it forked at step 2: here the "
                                "fork returns 0.");
    char name[64];
    explain_task(world_at(view, 1), 0, &names, name, sizeof name);
    assert_string_equal(name, "T0");
    explain_task(now(), 1, &names, name, sizeof name);
    assert_string_equal(name, "P1.T1");
    explain_object(&trace, 1, &names, COUNTER, 4, name, sizeof name);
    assert_string_equal(name, "counter");
    explain_object(&trace, 3, &names, COUNTER, 4, name, sizeof name);
    assert_string_equal(name, "counter in P0");
    explain_object(&trace, 3, &names, IN(1, COUNTER), 4, name, sizeof name);
    assert_string_equal(name, "counter in P1");
    explain_object(&trace, 3, &names, SHARED, 4, name, sizeof name);
    assert_string_equal(name, "shared#1");
    trace_truncate(&trace, 1);
    assert_string_equal(why(1), "T0 changes counter from 0 to 1.");
}

static void waits_for_children(void **state)
{
    (void)state;
    forks(0, 0, 1, 1);
    forks(0, 0, 2, 2);
    STEP(&trace, PENDING, 0, .a = EV_WAIT, .addr = (uint64_t)-1);
    STEP(&trace, BLOCKED, 0, .a = BLOCK_CHILD);
    assert_string_equal(blocked(0), "P0.T0 waits since step 2 for a child: none of P1 and P2 has "
                                    "ended.");
    ends(2, 2, 0, 1);
    assert_string_equal(why(3), "P2.T2 calls exit with status 0. P2 (pid 1002) ends with status 0; "
                                "it is a zombie until P0 waits for it.");
    STEP(&trace, WAIT, 0, .a = (uint64_t)-1, .b = 1002, .size = 0, .other = 2);
    STEP(&trace, PROCESS_STATE, 2, .process = 2, .a = PROCESS_REAPED);
    assert_string_equal(why(4), "P0.T0 waits for any child and gets P2 (pid 1002), which exited "
                                "with status 0 at step 3. The zombie is gone. It had waited since "
                                "step 2.");
    STEP(&trace, WAIT, 0, .a = 1001);
    assert_string_equal(why(5), "P0.T0 looks whether P1 (pid 1001) has ended: not yet. It does not "
                                "wait (WNOHANG).");
    STEP(&trace, WAIT, 0, .a = 77, .result = ECHILD);
    assert_string_equal(why(6), "P0.T0 tries to wait for pid 77: the call fails with ECHILD, there "
                                "is no such child to wait for.");
    STEP(&trace, WAIT, 0, .a = 1001, .b = 1001, .size = SIGSTOP << 8 | 0x7f, .other = 1);
    assert_non_null(strstr(why(7), "was stopped by SIGSTOP"));
    STEP(&trace, WAIT, 0, .a = 1001, .b = 1001, .size = 0xffff, .other = 1);
    assert_non_null(strstr(why(8), "was continued"));
}

static void plain_and_json_tell_the_process(void **state)
{
    (void)state;
    STEP(&trace, YIELD, 0, .a = 0);
    forks(0, 0, 1, 1);
    STEP(&trace, WRITE, 1, .process = 1, .addr = IN(1, COUNTER), .size = 4, .b = 1,
         .pc = PC(F_MAIN, 8));
    ends(1, 1, 3, 1);
    STEP(&trace, READY, 0, .a = 0);
    assert_string_equal(plain(2), "   2  T0    P0   counter.c:5         fork             P1 (pid "
                                  "1001), P1.T1");
    assert_string_equal(plain(3), "   3  T1    P1   counter.c:8         write            counter "
                                  "in P1 0 -> 1");
    assert_string_equal(plain(4), "   4  T1    P1   -                   exit             3; P1 "
                                  "exited with status 3, a zombie; P0.T0 ready");
    struct buf b = {0};
    json_error_t error;
    explain_json_line(&trace, view, 4, &names, &b);
    json_t *j = json_loads(b.data, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(j);
    assert_string_equal(json_string_value(json_object_get(j, "task")), "T1");
    assert_string_equal(json_string_value(json_object_get(j, "process")), "P1");
    assert_int_equal(json_integer_value(json_object_get(j, "pid")), 1001);
    json_t *end = json_array_get(json_object_get(j, "then"), 0);
    assert_string_equal(json_string_value(json_object_get(end, "operation")), "process-end");
    assert_string_equal(json_string_value(json_object_get(end, "process")), "P1");
    json_decref(j);
    buf_fini(&b);
}

static void cancellation(void **state)
{
    (void)state;
    STEP(&trace, CREATE, 0, .other = 1);
    STEP(&trace, CANCEL, 0, .other = 1);
    assert_string_equal(why(2), "T0 asks T1 to end: it does so at its next cancellation point, "
                                "unless it forbids it.");
    STEP(&trace, CANCELLED, 1, .a = 0);
    assert_string_equal(why(3), "T1 acts on its cancellation: its clean-up handlers run, then it "
                                "ends.");
}

/* -------- nonsense -------- */

static void nonsense_is_survived(void **state)
{
    (void)state;
    struct event e = MADE(YIELD, 0, .process = MAX_PROCESSES, .step = 1);
    assert_int_equal(trace_append(&trace, &e, NULL), -ERR_DATA);
    for (int i = 0; i < 4000; i++) {
        struct event x = {.kind = (uint8_t)(1 + made_chance(EV_COUNT - 1)),
                          .task = (uint16_t)made_chance(6),
                          .other = made_chance(3) ? (uint16_t)made_chance(6) : NO_TASK,
                          .process = (uint16_t)made_chance(made_chance(8) ? 4 : MAX_PROCESSES),
                          .result = (int)made_chance(3) - 1,
                          .size = made_chance(70000),
                          .addr = made_chance(2) ? PIPE : IN(made_chance(70), COUNTER),
                          .a = made_chance(2) ? made_chance(20) : 1000 + made_chance(5),
                          .b = made_chance(2) ? made_chance(20) : (uint64_t)-1};
        made_add(&trace, x, made_chance(2) ? "some text" : NULL);
    }
    struct tree_row rows[TREE_ROWS];
    for (uint32_t step = 0; step <= trace.nsteps; step += 7) {
        const struct world *w = world_at(view, step);
        uint16_t order[MAX_TASKS];
        assert_int_equal(tree_tasks(w, order), w->ntasks);
        assert_true(tree_rows(w, 20, rows) <= TREE_ROWS);
        assert_true(strlen(why(step)) > 0);
        plain(step);
        for (unsigned task = 0; task < w->ntasks; task++) {
            struct buf b = {0};
            explain_blocked(&trace, view, step, task, &names, &b);
            buf_fini(&b);
        }
    }
}

int main(void)
{
#define FRESH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        FRESH(the_first_process_needs_no_event),
        FRESH(a_child_lives_becomes_a_zombie_and_is_reaped),
        FRESH(a_child_killed_by_a_signal),
        FRESH(an_orphan_has_another_parent),
        FRESH(a_zombie_whose_parent_ends_is_gone),
        FRESH(stopped_and_continued),
        FRESH(another_program_runs_free),
        FRESH(memory_of_two_processes_is_two_places),
        FRESH(fork_wait_pipe_and_signal_order),
        FRESH(a_pipe_has_bytes_and_ends),
        FRESH(the_last_end_closed_is_told),
        FRESH(a_full_pipe_and_a_wait_are_a_circle),
        FRESH(an_end_left_open_in_the_reader),
        FRESH(other_channels),
        FRESH(names_change_with_the_second_process),
        FRESH(waits_for_children),
        FRESH(plain_and_json_tell_the_process),
        FRESH(cancellation),
        FRESH(nonsense_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
