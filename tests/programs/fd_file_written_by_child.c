// What a child has written to a file and flushed is there for the parent that waited.
// EXPECT complete
// EXPECT outcome "from the child\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char name[] = "/tmp/file-XXXXXX", line[32] = "";
    close(mkstemp(name));
    if (fork() == 0) {
        FILE *f = fopen(name, "w");
        fprintf(f, "from the child\n");
        exit(0);
    }
    wait(NULL);
    FILE *f = fopen(name, "r");
    if (!fgets(line, sizeof line, f))
        return 2;
    printf("%s", line);
    fclose(f);
    unlink(name);
    return 0;
}
