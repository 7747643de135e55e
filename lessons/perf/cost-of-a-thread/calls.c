#include <stdio.h>
#include <stdlib.h>

static int done;

static void *job(void *arg)
{
    done++;
    return arg;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 2;
    for (int i = 0; i < n; i++)
        job(NULL);
    printf("%d\n", done);
    return 0;
}
