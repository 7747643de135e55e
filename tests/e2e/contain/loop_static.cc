static int forever()
{
    for (volatile int i = 0;; i = i)
        ;
}
int first = forever();
int main()
{
    return first;
}
