#include <stdlib.h>
#include <unistd.h>
int main(void)
{
    system("setsid sleep 1000 & (trap '' TERM HUP INT; nohup sleep 1000) >/dev/null 2>&1 &");
    execl("/bin/sh", "sh", "-c", "setsid setsid sleep 1000 & exit 0", (char *)0);
    return 1;
}
