// Three threads print a line each: every order, and nothing else.
// EXPECT complete
// EXPECT outcome "one\ntwo\nthree\n" exit 0
// EXPECT outcome "one\nthree\ntwo\n" exit 0
// EXPECT outcome "two\none\nthree\n" exit 0
// EXPECT outcome "two\nthree\none\n" exit 0
// EXPECT outcome "three\none\ntwo\n" exit 0
// EXPECT outcome "three\ntwo\none\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static void *say(void *arg)
{
    printf("%s\n", (const char *)arg);
    return NULL;
}

int main(void)
{
    static char one[] = "one", two[] = "two", three[] = "three";
    pthread_t t[3];
    pthread_create(&t[0], NULL, say, one);
    pthread_create(&t[1], NULL, say, two);
    pthread_create(&t[2], NULL, say, three);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    return 0;
}
