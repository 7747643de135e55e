// There are at least as many keys as the limit says, and no more: then EAGAIN. A key that was given
// back is there again, without its old value.
// EXPECT complete
// EXPECT outcome "enough, again, new 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>

int main(void)
{
    static pthread_key_t key[5000];
    int n = 0, rc;
    while ((rc = pthread_key_create(&key[n], NULL)) == 0 && n < 4999)
        n++;
    printf("%s, %s, ", n >= 128 ? "enough" : "too few", rc == EAGAIN ? "again" : "?");
    pthread_setspecific(key[5], &n);
    pthread_key_delete(key[5]);
    int inval = pthread_setspecific(key[5], &n) == EINVAL;
    pthread_key_create(&key[5], NULL);
    printf("new %d\n", inval && pthread_getspecific(key[5]) == NULL);
    return 0;
}
