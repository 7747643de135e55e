/* only what the host counts by */
int main(void)
{
    for (unsigned *p = (unsigned *)0x200000000000ul; p < (unsigned *)0x200000000400ul; p++)
        *p = 0x7fffffff;
    return 0;
}
