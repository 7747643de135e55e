static int deeper(int n)
{
    volatile char room[4096];
    room[0] = (char)n;
    return deeper(n + 1) + room[0];
}
int main(void)
{
    return deeper(0);
}
