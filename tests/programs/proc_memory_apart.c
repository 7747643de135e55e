// Memory of every kind is copied: global, local, heap, environment, mapped privately, of a thread.
// EXPECT complete
// EXPECT outcome "1 2 3 4 5 before\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int global = 1;
static __thread int own = 5;

int main(void)
{
    int local = 2, *heap = malloc(sizeof *heap);
    int *map = mmap(NULL, sizeof *map, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *heap = 3;
    *map = 4;
    setenv("WORD", "before", 1);
    if (fork() == 0) {
        global = local = *heap = *map = own = 99;
        setenv("WORD", "after", 1);
        free(heap);
        _exit(0);
    }
    wait(NULL);
    printf("%d %d %d %d %d %s\n", global, local, *heap, *map, own, getenv("WORD"));
    return 0;
}
