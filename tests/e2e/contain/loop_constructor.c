__attribute__((constructor)) static void begin(void)
{
    for (;;)
        ;
}
int main(void)
{
    return 0;
}
