// Nobody handles the alarm: it ends a program that waits for ever, and no other end is possible.
// EXPECT complete
// EXPECT outcome "" signal 14
// EXPECT findings crash
#include <unistd.h>

int main(void)
{
    alarm(1);
    for (;;)
        pause();
}
