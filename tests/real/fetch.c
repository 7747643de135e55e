/* A server and its client in one program, so that both are under lockstep: the `main` of the server
 * is compiled as `server_main` and runs in a child, the parent fetches a file from it by HTTP and
 * ends it. Arguments: port, path, then the server's words. Prints what the server sent after the
 * header, and how it ended. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int server_main(int argc, char **argv);

/* A descriptor that is connected to the port: the server may not listen yet. */
static int reach(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
            return fd;
        close(fd);
        usleep(1000);
    }
}

static size_t answer(int fd, char *buf, size_t size)
{
    size_t got = 0;
    ssize_t n;
    while (got + 1 < size && (n = read(fd, buf + got, size - 1 - got)) > 0)
        got += (size_t)n;
    buf[got] = '\0';
    return got;
}

int main(int argc, char **argv)
{
    char buf[4096];
    int status;
    if (argc < 4)
        return 2;
    pid_t server = fork();
    if (server == 0)
        exit(server_main(argc - 3, argv + 3));
    int fd = reach(atoi(argv[1]));
    int n = snprintf(buf, sizeof buf, "GET %s HTTP/1.0\r\n\r\n", argv[2]);
    if (fd < 0 || write(fd, buf, (size_t)n) != n)
        return 1;
    answer(fd, buf, sizeof buf);
    const char *body = strstr(buf, "\r\n\r\n");
    fputs(body != NULL ? body + 4 : buf, stdout);
    kill(server, SIGTERM);
    waitpid(server, &status, 0);
    if (WIFSIGNALED(status))
        printf("server ended by signal %d\n", WTERMSIG(status));
    else
        printf("server ended with status %d\n", WEXITSTATUS(status));
    return 0;
}
