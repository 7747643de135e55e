// A server and a client that know each other by the name of a socket.
// EXPECT complete
// EXPECT outcome "pong\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char folder[] = "/tmp/server-XXXXXX", text[8] = "";
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (!mkdtemp(folder))
        return 2;
    snprintf(at.sun_path, sizeof at.sun_path, "%s/s", folder);
    int door = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(door, (struct sockaddr *)&at, sizeof at) || listen(door, 1))
        return 3;
    if (fork() == 0) {
        int c = accept(door, NULL, NULL);
        _exit(read(c, text, 4) != 4 || write(c, "pong", 4) != 4);
    }
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&at, sizeof at) || write(s, "ping", 4) != 4 ||
        read(s, text, 4) != 4)
        return 4;
    puts(text);
    wait(NULL);
    unlink(at.sun_path);
    rmdir(folder);
    return 0;
}
