// The child makes the memory and ends; the parent finds it by its name and reads what was written.
// EXPECT complete
// EXPECT outcome "42\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/lockstep-test-by-child"

int main(void)
{
    shm_unlink(NAME);
    if (fork() == 0) {
        int fd = shm_open(NAME, O_CREAT | O_RDWR, 0600);
        ftruncate(fd, sizeof(int));
        *(int *)mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) = 42;
        _exit(0);
    }
    wait(NULL);
    int fd = shm_open(NAME, O_RDONLY, 0);
    const int *value = mmap(NULL, sizeof(int), PROT_READ, MAP_SHARED, fd, 0);
    printf("%d\n", *value);
    shm_unlink(NAME);
    return 0;
}
