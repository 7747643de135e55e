// Names and flags of named semaphores, one call after the other. The semaphore unlinked while it is
// open stays usable, and a new one of its name is another.
// EXPECT complete
// EXPECT outcome "none: ENOENT\nname: EINVAL\nlong: ENAMETOOLONG\nvalue: EINVAL\nexclusive: EEXIST\nsame: 1\nkept: 1\nunlinked: ENOENT\nnew: 5 old: 0\nclose: EINVAL\n" exit 0
// EXPECT executions 1
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#define NAME "/lockstep-test-errors"

static void say(const char *what, const sem_t *s)
{
    printf("%s: %s\n", what, s == SEM_FAILED ? strerrorname_np(errno) : "opened");
}

int main(void)
{
    char name[255];
    sem_t other;
    int value, old;
    memset(name, 'a', sizeof name - 1);
    name[0] = '/';
    name[254] = '\0';
    sem_unlink(NAME);
    say("none", sem_open(NAME, 0));
    say("name", sem_open("/a/b", O_CREAT, 0600, 1));
    say("long", sem_open(name, O_CREAT, 0600, 1));
    say("value", sem_open(NAME, O_CREAT, 0600, 0x80000000u));
    sem_t *s = sem_open(NAME, O_CREAT, 0600, 1);
    say("exclusive", sem_open(NAME, O_CREAT | O_EXCL, 0600, 1));
    printf("same: %d\n", sem_open(NAME, O_CREAT, 0600, 7) == s);
    sem_close(s);
    sem_getvalue(s, &value);
    printf("kept: %d\n", value);
    sem_unlink(NAME);
    printf("unlinked: %s\n", sem_unlink(NAME) ? strerrorname_np(errno) : "again");
    sem_wait(s);
    sem_t *new = sem_open(NAME, O_CREAT | O_EXCL, 0600, 5);
    sem_getvalue(new, &value);
    sem_getvalue(s, &old);
    printf("new: %d old: %d\n", value, old);
    sem_init(&other, 0, 0);
    printf("close: %s\n", sem_close(&other) ? strerrorname_np(errno) : "done");
    sem_unlink(NAME);
    return 0;
}
