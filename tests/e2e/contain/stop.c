#include <signal.h>
int main(void)
{
    raise(SIGSTOP);
    raise(SIGTSTP);
    return 0;
}
