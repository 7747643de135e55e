#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int done;

int main(void) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        done = 1;
        exit(3);
    }
    puts("waiting");
    waitpid(child, &status, 0);
    return 0;
}
