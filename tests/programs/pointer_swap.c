// A new version is made aside and swapped in; the old one is freed only when its reader is gone.
// EXPECT complete
// EXPECT outcome "1 1\n" exit 0
// EXPECT outcome "2 2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct version {
    int a, b;
};

static struct version *_Atomic current;

static struct version *make(int n)
{
    struct version *v = malloc(sizeof *v);
    v->a = v->b = n;
    return v;
}

static void *reader(void *arg)
{
    struct version *v = current;
    printf("%d %d\n", v->a, v->b);
    return arg;
}

int main(void)
{
    pthread_t t;
    current = make(1);
    pthread_create(&t, NULL, reader, NULL);
    struct version *old = atomic_exchange(&current, make(2));
    pthread_join(t, NULL);
    free(old);
    free(current);
    return 0;
}
