/* Writes by chance over all the memory that it shares with lockstep, while a thread works. It says
 * so before it goes on, past the recorder if that holds it up. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *work(void *unused)
{
    for (;;)
        usleep(1000);
    return unused;
}

int main(void)
{
    pthread_t t;
    char line[512];
    unsigned long low = 0, high = 0;
    pthread_create(&t, NULL, work, NULL);
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        if (strstr(line, "lockstep-recorder") && strstr(line, "rw-s"))
            sscanf(line, "%lx-%lx", &low, &high);
    unsigned long n = (high - low) / sizeof(unsigned), head = (4 << 20) / sizeof(unsigned);
    for (int round = 0; n > head && round < 300; round++) {
        for (int i = 0; i < 4096; i++)
            ((volatile unsigned *)low)[(unsigned long)rand() % (i % 2 ? head : n)] =
                (unsigned)rand() * 2654435761u;
        for (volatile int wait = 0; wait < 1000000; wait++)
            ;
        if (round == 100 && syscall(SYS_write, 1, "half\n", 5) < 0)
            return 2;
    }
    return n > head ? 0 : 1;
}
