// A stream of the library on a pipe, line by line.
// EXPECT complete
// EXPECT outcome "<one>\n<two>\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char line[32];
    if (pipe(p))
        return 2;
    if (fork() == 0) {
        close(p[0]);
        FILE *to = fdopen(p[1], "w");
        fprintf(to, "one\ntwo\n");
        fclose(to);
        _exit(0);
    }
    close(p[1]);
    FILE *from = fdopen(p[0], "r");
    while (fgets(line, sizeof line, from)) {
        line[strcspn(line, "\n")] = '\0';
        printf("<%s>\n", line);
    }
    fclose(from);
    wait(NULL);
    return 0;
}
