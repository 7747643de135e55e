// Two write into one pipe: short writes do not mix, either may be first.
// EXPECT complete
// EXPECT outcome "aabb\n" exit 0
// EXPECT outcome "bbaa\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char text[5] = "";
    if (pipe(p))
        return 2;
    for (int i = 0; i < 2; i++)
        if (fork() == 0)
            _exit(write(p[1], i ? "bb" : "aa", 2) != 2);
    wait(NULL);
    wait(NULL);
    if (read(p[0], text, 4) != 4)
        return 3;
    puts(text);
    return 0;
}
