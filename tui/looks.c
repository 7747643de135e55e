#include "looks.h"

#include "world.h"

struct look_of {
    unsigned role;
    wchar_t glyph;
};

static const struct look_of tasks[] = {
    [TASK_NEW] = {ROLE_NEW, L'•'},           [TASK_READY] = {ROLE_READY, L'░'},
    [TASK_RUNNING] = {ROLE_RUNNING, L'█'},   [TASK_BLOCKED] = {ROLE_BLOCKED, L'─'},
    [TASK_SLEEPING] = {ROLE_SLEEPING, L'·'}, [TASK_ZOMBIE] = {ROLE_ZOMBIE, L'▒'},
    [TASK_STOPPED] = {ROLE_STOPPED, L'='},   [TASK_FREE] = {ROLE_DIM, L'→'},
    [TASK_DONE] = {ROLE_DONE, L'×'},         [TASK_DEADLOCKED] = {ROLE_DEADLOCKED, L'■'},
};
enum { TASKS = sizeof tasks / sizeof *tasks };

static const struct look_of processes[] = {
    [PROC_RUNNING] = {ROLE_READY, L'░'}, [PROC_STOPPED] = {ROLE_STOPPED, L'='},
    [PROC_FREE] = {ROLE_DIM, L'→'},      [PROC_ZOMBIE] = {ROLE_ZOMBIE, L'▒'},
    [PROC_REAPED] = {ROLE_DONE, L'×'},   [PROC_ENDED] = {ROLE_DONE, L'×'},
};
enum { PROCESSES = sizeof processes / sizeof *processes };

unsigned state_role(unsigned state)
{
    return state < TASKS ? tasks[state].role : ROLE_TEXT;
}

wchar_t state_glyph(unsigned state)
{
    return state < TASKS ? tasks[state].glyph : L'?';
}

unsigned process_role(unsigned state)
{
    return state < PROCESSES ? processes[state].role : ROLE_TEXT;
}

wchar_t process_glyph(unsigned state)
{
    return state < PROCESSES ? processes[state].glyph : L'?';
}
