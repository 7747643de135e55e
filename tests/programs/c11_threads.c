// C11 threads: values of threads, a plain and a recursive mutex, storage with a destructor, once.
// EXPECT complete
// EXPECT outcome "7 -3, 4 of 4, once 1, destroyed 2\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <threads.h>

static mtx_t plain, again;
static tss_t key;
static once_flag flag = ONCE_FLAG_INIT;
static int count, runs, destroyed;

static void once(void)
{
    runs++;
}

static void destroy(void *value)
{
    mtx_lock(&plain);
    destroyed += *(int *)value;
    mtx_unlock(&plain);
}

static void add(void)
{
    mtx_lock(&again);
    mtx_lock(&again);
    count++;
    mtx_unlock(&again);
    mtx_unlock(&again);
}

static int work(void *arg)
{
    static int one = 1;
    call_once(&flag, once);
    tss_set(key, &one);
    add();
    add();
    if (*(int *)arg < 0)
        thrd_exit(-3);
    return 7;
}

int main(void)
{
    thrd_t t[2];
    static int sign[] = {1, -1};
    int value[2];
    mtx_init(&plain, mtx_plain);
    mtx_init(&again, mtx_plain | mtx_recursive);
    tss_create(&key, destroy);
    for (int i = 0; i < 2; i++)
        if (thrd_create(&t[i], work, &sign[i]) != thrd_success)
            return 1;
    for (int i = 0; i < 2; i++)
        thrd_join(t[i], &value[i]);
    printf("%d %d, %d of 4, once %d, destroyed %d\n", value[0], value[1], count, runs, destroyed);
    mtx_destroy(&plain);
    mtx_destroy(&again);
    tss_delete(key);
    return 0;
}
