// A C11 mutex unlocked by a thread that does not hold it: found, with the line of the program.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @stranger
// EXPECT may-find lock-leak
#include <stdio.h>
#include <threads.h>

static mtx_t m;

static int stranger(void *arg)
{
    (void)arg;
    mtx_unlock(&m); // @stranger
    return 0;
}

int main(void)
{
    thrd_t t;
    mtx_init(&m, mtx_plain);
    mtx_lock(&m);
    thrd_create(&t, stranger, NULL);
    thrd_join(t, NULL);
    puts("end");
    return 0;
}
