// The same with select.
// EXPECT complete
// EXPECT outcome "ab\n" exit 0
// EXPECT outcome "ba\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2][2], open[2] = {1, 1};
    char heard[3] = "";
    for (int i = 0; i < 2; i++) {
        if (pipe(p[i]))
            return 2;
        if (fork() == 0)
            _exit(write(p[i][1], i ? "b" : "a", 1) != 1);
    }
    for (int n = 0; n < 2;) {
        fd_set set;
        FD_ZERO(&set);
        for (int i = 0; i < 2; i++)
            if (open[i])
                FD_SET(p[i][0], &set);
        if (select(p[1][1] + 1, &set, NULL, NULL, NULL) < 1)
            return 3;
        for (int i = 0; i < 2; i++)
            if (FD_ISSET(p[i][0], &set) && read(p[i][0], &heard[n], 1) == 1) {
                open[i] = 0;
                n++;
            }
    }
    puts(heard);
    while (wait(NULL) > 0)
        ;
    return 0;
}
