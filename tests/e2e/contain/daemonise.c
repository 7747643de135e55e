#include <stdlib.h>
#include <unistd.h>
int main(void)
{
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            if (daemon(0, 0))
                return 1;
            pause();
        }
        _exit(0);
    }
    return 0;
}
