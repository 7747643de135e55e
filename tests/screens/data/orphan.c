#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    if (fork() == 0) {
        if (fork() == 0) {
            printf("parent %d\n", getppid());
            fflush(stdout);
            _exit(0);
        }
        _exit(1);
    }
    wait(NULL);
    return 0;
}
