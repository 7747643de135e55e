#include <sys/wait.h>
#include <unistd.h>

char block[70000];

int main(void) {
    int ends[2];
    pipe(ends);
    if (fork() == 0) {
        close(ends[0]);
        write(ends[1], block, sizeof block);
        _exit(0);
    }
    close(ends[1]);
    wait(NULL);
    read(ends[0], block, sizeof block);
    return 0;
}
