/* Runs two programs at once and ends with the status of the second: a server, which is ended when
 * its client is done. Arguments: the server's words, "--", the client's words. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char **argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[0], argv);
        perror(argv[0]);
        _exit(127);
    }
    return pid;
}

int main(int argc, char **argv)
{
    int middle = 1, status = 0;
    while (middle < argc && strcmp(argv[middle], "--") != 0)
        middle++;
    if (middle == 1 || middle + 1 >= argc)
        return 2;
    argv[middle] = NULL;
    pid_t server = start(argv + 1);
    pid_t client = start(argv + middle + 1);
    waitpid(client, &status, 0);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    printf("client %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
