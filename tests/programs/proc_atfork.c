// Handlers around fork: prepare in reverse order, parent and child in order.
// EXPECT complete
// EXPECT outcome "BAcd\nBAab\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char said[8];

static void say(const char *c)
{
    strcat(said, c);
}

static void prepare_a(void)
{
    say("A");
}
static void prepare_b(void)
{
    say("B");
}
static void parent_a(void)
{
    say("a");
}
static void parent_b(void)
{
    say("b");
}
static void child_a(void)
{
    say("c");
}
static void child_b(void)
{
    say("d");
}

int main(void)
{
    pthread_atfork(prepare_a, parent_a, child_a);
    pthread_atfork(prepare_b, parent_b, child_b);
    if (fork() == 0) {
        puts(said);
        return 0;
    }
    wait(NULL);
    puts(said);
    return 0;
}
