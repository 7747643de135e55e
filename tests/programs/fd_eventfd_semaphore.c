// An eventfd as a semaphore with one permit keeps two processes apart: no increment is lost.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void count(int lock, int *n)
{
    eventfd_t v;
    eventfd_read(lock, &v);
    ++*n;
    eventfd_write(lock, 1);
}

int main(void)
{
    int *n = mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int lock = eventfd(1, EFD_SEMAPHORE);
    if (fork() == 0) {
        count(lock, n);
        _exit(0);
    }
    count(lock, n);
    wait(NULL);
    printf("%d\n", *n);
    return 0;
}
