/* Access-heavy: two threads fill and sort an array each, then count in a table they share. */
#include <pthread.h>

enum { N = 100000, ROUNDS = 1000 };
static int numbers[2][N], table[1024];
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void sort(int *x, int n)
{
    int low = 0, high = n - 1, pivot = x[n / 2];
    while (low <= high) {
        while (x[low] < pivot)
            low++;
        while (x[high] > pivot)
            high--;
        if (low <= high) {
            int t = x[low];
            x[low++] = x[high];
            x[high--] = t;
        }
    }
    if (high > 0)
        sort(x, high + 1);
    if (low < n - 1)
        sort(x + low, n - low);
}

static void *run(void *p)
{
    int *mine = p;
    unsigned seed = 1;
    for (int i = 0; i < N; i++)
        mine[i] = (int)((seed = seed * 1103515245 + 12345) >> 8);
    sort(mine, N);
    for (int r = 0; r < ROUNDS; r++) {
        pthread_mutex_lock(&m);
        for (int i = 0; i < 100; i++)
            table[mine[r * 100 + i] & 1023]++;
        pthread_mutex_unlock(&m);
    }
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    long sum = 0;
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, run, numbers[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < 1024; i++)
        sum += table[i];
    return sum != 2L * ROUNDS * 100;
}
