#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
int main(void)
{
    struct rlimit r = {10200, 10200};
    setrlimit(RLIMIT_NOFILE, &r);
    int n = 0;
    while (n < 10000 && open("/dev/null", O_RDONLY) >= 0)
        n++;
    printf("%s\n", n > 900 ? "many" : "few");
}
