#include <string.h>
#include <unistd.h>
int main(void)
{
    static char much[1 << 20];
    memset(much, 'x', sizeof much);
    for (int i = 0; i < 1 << 14; i++)
        write(1, much, sizeof much);
}
