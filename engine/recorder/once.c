/* Once: who runs the routine, and who waits for that. A control that is done is passed quickly, so
 * those known to be done are remembered, by what stands in them: one whose memory is used anew for
 * another begins with 0. */
#include "inside.h"

enum { DONE = 64 };
static const volatile void *done[DONE];

struct turn {
    void (*routine)(void);
    const void *control;
    uint64_t pc;
    bool ran;
};
static __thread struct turn *turn; /* of the call that is being made */

static void run(void)
{
    struct turn *t = turn;
    t->ran = true;
    note_now(EV_ONCE_BEGIN, 0, address(t->control), t->pc, 1);
    t->routine();
    note_now(EV_ONCE_END, 0, address(t->control), t->pc, 0);
}

static unsigned place(const volatile void *control)
{
    return (unsigned)(address(control) >> 2) % DONE;
}

static bool known(const volatile int *control)
{
    return done[place(control)] == control && *control != 0;
}

static void turn_begin(struct turn *t, struct wait *w)
{
    turn = t;
    if (*(const volatile int *)t->control != 0) /* another runs it, or it is done */
        wait_begin(w, EV_ONCE_BEGIN, address(t->control), t->pc, 0);
    else
        w->what = 0;
}

static void turn_end(struct turn *t, struct wait *w)
{
    if (w->what)
        wait_end(w);
    if (!t->ran)
        note_now(EV_ONCE_BEGIN, 0, address(t->control), t->pc, 0);
    done[place(t->control)] = t->control;
}

EXPORT int pthread_once(pthread_once_t *control, void (*routine)(void))
{
    if (known(control) || !ready())
        return real.pthread_once(control, routine);
    struct turn t = {routine, control, HERE, false};
    struct wait w;
    turn_begin(&t, &w);
    int rc = real.pthread_once(control, run);
    turn_end(&t, &w);
    return rc;
}

EXPORT void call_once(once_flag *control, void (*routine)(void))
{
    if (known((const volatile int *)control) || !ready()) {
        real.call_once(control, routine);
        return;
    }
    struct turn t = {routine, control, HERE, false};
    struct wait w;
    turn_begin(&t, &w);
    real.call_once(control, run);
    turn_end(&t, &w);
}
