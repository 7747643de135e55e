#include <sys/mman.h>
int main(void)
{
    munmap(0, 1ul << 47);
    return 0;
}
