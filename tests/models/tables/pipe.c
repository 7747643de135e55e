/* Pipes and descriptors. */
#include "cell.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

static int p[2];
static char page[70000];

static void open_pipe(int flags)
{
    if (pipe2(p, flags) != 0)
        exit(1);
}

static void close_pipe(void)
{
    close(p[0]);
    close(p[1]);
}

static void blocking(void)
{
    char got[16] = "";
    cell_errno("pipe", pipe(p));
    cell_errno("write 3 bytes", write(p[1], "abc", 3));
    cell_errno("write 2 bytes", write(p[1], "de", 2));
    cell_errno("read up to 4: what is there", read(p[0], got, 4));
    cell_text("they are", got);
    cell_errno("read up to 10: the rest", read(p[0], got, 10));
    cell_errno("read 0 bytes", read(p[0], got, 0));
    cell_errno("write 0 bytes", write(p[1], got, 0));
    cell_errno("read from the write end", read(p[1], got, 1));
    cell_errno("write to the read end", write(p[0], got, 1));
    cell_errno("lseek", lseek(p[0], 0, SEEK_SET));
    write(p[1], "z", 1);
    cell_errno("close the write end", close(p[1]));
    cell_errno("writer gone: read what is left", read(p[0], got, 10));
    cell_errno("writer gone: read", read(p[0], got, 10));
    cell_errno("writer gone: read again", read(p[0], got, 10));
    cell_errno("close the read end", close(p[0]));
    cell_errno("closed: read", read(p[0], got, 1));
    cell_errno("closed: write", write(p[1], got, 1));
    cell_errno("closed: close", close(p[0]));
}

static void full(void)
{
    open_pipe(O_NONBLOCK);
    cell_errno("empty, no waiting: read", read(p[0], page, 1));
    cell_number("capacity", fcntl(p[1], F_GETPIPE_SZ));
    cell_errno("more than fits, no waiting: write", write(p[1], page, 70000));
    cell_errno("full, no waiting: write", write(p[1], page, 1));
    cell_errno("full, no waiting: write 0 bytes", write(p[1], page, 0));
    cell_errno("full: read a page", read(p[0], page, 4096));
    cell_errno("a page free, no waiting: write of PIPE_BUF", write(p[1], page, 4096));
    close_pipe();
}

static void no_reader(void)
{
    int status = 0;
    signal(SIGPIPE, SIG_IGN);
    open_pipe(0);
    close(p[0]);
    cell_errno("reader gone, SIGPIPE ignored: write", write(p[1], "x", 1));
    close(p[1]);
    signal(SIGPIPE, SIG_DFL);
    open_pipe(0);
    if (fork() == 0) {
        close(p[0]);
        write(p[1], "x", 1);
        _exit(0);
    }
    close_pipe();
    wait(&status);
    cell_number("reader open in the parent: the child exits or SIGPIPE",
                WIFEXITED(status) || WTERMSIG(status) == SIGPIPE);
    open_pipe(0);
    close(p[0]);
    if (fork() == 0) {
        write(p[1], "x", 1);
        _exit(0);
    }
    close(p[1]);
    wait(&status);
    cell_number("reader gone: ended by", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static void copies(void)
{
    char got[8];
    open_pipe(0);
    int copy = dup(p[1]);
    cell_number("dup gives the lowest number", copy > p[1]);
    close(p[1]);
    cell_errno("the copy: write", write(copy, "q", 1));
    cell_errno("read what the copy wrote", read(p[0], got, 8));
    cell_number("dup2 onto itself", dup2(copy, copy) == copy);
    cell_errno("dup of a closed one", dup(p[1]));
    cell_errno("dup2 of a closed one", dup2(p[1], 40));
    cell_errno("dup2 onto a negative one", dup2(copy, -1));
    cell_number("dup2 gives the number", dup2(copy, 40));
    close(copy);
    cell_errno("the last copy: write", write(40, "r", 1));
    close(40);
    cell_errno("then: read it", read(p[0], got, 8));
    cell_errno("all copies closed: read", read(p[0], got, 8));
    close(p[0]);
    cell_errno("dup3 onto itself", dup3(0, 0, 0));
    open_pipe(O_CLOEXEC);
    cell_number("O_CLOEXEC is set", fcntl(p[0], F_GETFD) & FD_CLOEXEC);
    cell_number("O_NONBLOCK is not", fcntl(p[0], F_GETFL) & O_NONBLOCK);
    cell_errno("set O_NONBLOCK", fcntl(p[0], F_SETFL, O_NONBLOCK));
    cell_errno("then, empty: read", read(p[0], got, 1));
    close_pipe();
}

static void polls(void)
{
    char got[8];
    open_pipe(0);
    struct pollfd r = {.fd = p[0], .events = POLLIN}, w = {.fd = p[1], .events = POLLOUT};
    cell_number("empty: poll for reading", poll(&r, 1, 0));
    cell_number("empty: poll for writing", poll(&w, 1, 0));
    cell_number("POLLOUT", w.revents == POLLOUT);
    write(p[1], "s", 1);
    cell_number("not empty: poll for reading", poll(&r, 1, -1));
    cell_number("POLLIN", r.revents == POLLIN);
    close(p[1]);
    poll(&r, 1, 0);
    cell_number("writer gone, not empty: POLLIN and POLLHUP", r.revents == (POLLIN | POLLHUP));
    read(p[0], got, 8);
    cell_number("writer gone, empty: poll", poll(&r, 1, 0));
    cell_number("POLLHUP", r.revents == POLLHUP);
    close(p[0]);
    cell_number("closed: poll", poll(&r, 1, 0));
    cell_number("POLLNVAL", r.revents == POLLNVAL);
    r.fd = -1;
    cell_number("a negative one: poll", poll(&r, 1, 0));
    cell_number("no descriptors: poll", poll(NULL, 0, 0));
}

static void sockets(void)
{
    char got[16];
    cell_errno("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    cell_errno("one way: write", write(p[0], "tu", 2));
    cell_errno("other way: write", write(p[1], "vwx", 3));
    cell_errno("one way: read", read(p[1], got, 16));
    cell_errno("other way: read", read(p[0], got, 16));
    cell_errno("empty, not waiting: recv", recv(p[0], got, 1, MSG_DONTWAIT));
    cell_errno("shutdown for writing", shutdown(p[0], SHUT_WR));
    cell_errno("its other end: read", read(p[1], got, 1));
    cell_errno("the way back: write", write(p[1], "y", 1));
    cell_errno("the way back: read", read(p[0], got, 1));
    close(p[1]);
    cell_errno("other end gone: read", read(p[0], got, 1));
    cell_errno("other end gone: send without SIGPIPE", send(p[0], got, 1, MSG_NOSIGNAL));
    close(p[0]);
}

int main(void)
{
    blocking();
    full();
    no_reader();
    copies();
    polls();
    sockets();
    return 0;
}
