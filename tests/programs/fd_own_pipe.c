// A process that reads its own empty pipe while it could still write to it waits for ever.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @read
#include <unistd.h>

int main(void)
{
    int p[2];
    char c;
    if (pipe(p))
        return 2;
    return (int)read(p[0], &c, 1); // @read
}
