// System V: a segment by its key, attached by parent and child; removed, it lasts as long as it is
// attached.
// EXPECT complete
// EXPECT outcome "none ENOENT, again EEXIST, large EINVAL\nattached 2\n5\nattached 1\ngone EINVAL\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY 0x10c6

static const char *why(int result)
{
    return result < 0 ? strerrorname_np(errno) : "done";
}

static int attached(int id)
{
    struct shmid_ds state;
    return shmctl(id, IPC_STAT, &state) ? -1 : (int)state.shm_nattch;
}

int main(void)
{
    int none = shmget(KEY, 4, 0);
    printf("none %s", why(none));
    int id = shmget(KEY, sizeof(int), IPC_CREAT | 0600);
    printf(", again %s", why(shmget(KEY, sizeof(int), IPC_CREAT | IPC_EXCL | 0600)));
    printf(", large %s\n", why(shmget(KEY, 100000, 0)));
    int *value = shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL);
    fflush(stdout);
    if (fork() == 0) {
        printf("attached %d\n", attached(id));
        fflush(stdout);
        *value = 5;
        _exit(0);
    }
    wait(NULL);
    printf("%d\n", *value);
    printf("attached %d\n", attached(id));
    shmdt(value);
    printf("gone %s\n", why(shmctl(id, IPC_RMID, NULL)));
    return 0;
}
