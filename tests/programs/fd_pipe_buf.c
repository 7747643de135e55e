// Writes of up to PIPE_BUF bytes are never torn, however full the pipe is.
// EXPECT complete
// EXPECT outcome "whole\n" exit 0
// EXPECT no-findings
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[PIPE_BUF];

int main(void)
{
    int p[2], torn = 0;
    if (pipe(p))
        return 2;
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            memset(block, 'a' + i, sizeof block);
            _exit(write(p[1], block, sizeof block) != sizeof block);
        }
    for (int i = 0; i < 2; i++) {
        size_t have = 0;
        while (have < sizeof block) {
            ssize_t n = read(p[0], block + have, sizeof block - have);
            if (n <= 0)
                return 3;
            have += (size_t)n;
        }
        for (size_t k = 1; k < sizeof block; k++)
            torn |= block[k] != block[0];
    }
    puts(torn ? "torn" : "whole");
    while (wait(NULL) > 0)
        ;
    return 0;
}
