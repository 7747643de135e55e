/* A program to be looked at: variables of every kind of type, stopped at known places by a
 * breakpoint instruction. It is run by tests/unit/test_symbols*.c only, under its control. */
#include <complex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "types.h"

enum color { RED, GREEN, BLUE = 7 };
enum flags { READ = 1, WRITE = 2, EXEC = 4 };

struct node {
    int value;
    struct node *next;
};

struct queue {
    pthread_mutex_t lock;
    struct node *head;
    int n;
};

struct packed_bits {
    unsigned a : 3;
    int b : 5;
    unsigned c : 9;
    int after;
};

union number {
    int i;
    float f;
    unsigned char bytes[4];
};

struct row {
    char name[8];
    double weight;
    struct {
        short x, y;
    } at;
    struct {
        int hidden;
    };
};

int counter = 3;
static long negative = -5;
unsigned char byte = 200;
char letter = 'a', newline = '\n', quote = '\'';
bool yes = true;
float third = 0.1f;
double tenth = 0.1;
long double big = 1.5L;
double complex z = 1 + 2 * I;
enum color shade = BLUE;
enum color no_color = (enum color)5;
enum flags rights = READ | EXEC;
enum flags odd_rights = (enum flags)(WRITE | 0x40);
int buf[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
char text[16] = "hi \"you\"\n";
char full[3] = {'a', 'b', 'c'};
const char *message = "a message";
const char *long_message = "a message that is much too long to be shown in one cell of a table";
const char *wild = (const char *)16;
int *null_pointer;
int *to_counter = &counter;
int *to_buf = &buf[3];
void *to_anything = &buf[2];
int (*compare)(const void *, const void *);
struct node nodes[3] = {{1, &nodes[1]}, {2, &nodes[2]}, {3, &nodes[0]}}; /* a ring */
struct queue q = {PTHREAD_MUTEX_INITIALIZER, &nodes[0], 3};
struct packed_bits bits = {5, -3, 300, 9};
union number number = {.i = 1};
struct row table[3] = {{"first", 1.5, {1, 2}, {3}}, {"second", 2.5, {4, 5}, {6}}};
_Atomic int atomic_count = 4;
volatile const int *volatile const stubborn = &counter;
int64_t wide = INT64_MIN;
uint64_t unsigned_wide = UINT64_MAX;
__extension__ __int128 widest = -7;
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
sem_t sem;
pthread_cond_t conditions[2];
static const int limit = 12;
__thread int per_thread = 6;
extern int declared_only_elsewhere;
struct node *heap_node;
int *inside_heap;
struct note {
    int n;
    char text[];
};
struct list {
    int length;
    struct note *note;
} * heap_list;
FILE *stream;

static int by_number(const void *a, const void *b)
{
    const int *x = a, *y = b;
    STOP(); /* by_number */
    return *x < *y ? -1 : *x > *y;
}

__attribute__((noinline)) int innermost(int depth, struct node *list, const char *word)
{
    static int calls = 40;
    int local = depth * 2;
    int *mine = &local;
    struct node here = {depth, list};
    calls++;
    USE(mine);
    USE(&here);
    STOP(); /* innermost */
    int later = local + 1;
    {
        int local = 99; /* hides the outer one */
        USE(&local);
        STOP(); /* block */
    }
    USE(&later);
    return local + later + (int)strlen(word);
}

__attribute__((noinline)) int middle(int n)
{
    int numbers[n];
    for (int i = 0; i < n; i++)
        numbers[i] = i * i;
    USE(numbers);
    int r = innermost(n, q.head, "word");
    USE(numbers);
    return r + numbers[n - 1];
}

static ucontext_t main_context, fiber_context;
static char fiber_stack[65536];

__attribute__((noinline)) static void *worker(void *argument)
{
    int id = *(int *)argument;
    USE(&id);
    STOP(); /* worker */
    USE(&id);
    return argument;
}

static int worker_id = 11;

static void fiber_main(void)
{
    worker(&worker_id);
}

int main(int argc, char **argv)
{
    struct {
        int n;
        char tag;
    } args[2] = {{7, 'x'}, {8, 'y'}};
    int unsorted[2] = {2, 1};
    compare = by_number;
    heap_node = malloc(4 * sizeof *heap_node);
    memset(heap_node, 0, 4 * sizeof *heap_node);
    inside_heap = &heap_node[1].value;
    heap_list = malloc(sizeof *heap_list);
    heap_list->length = 1;
    heap_list->note = malloc(sizeof *heap_list->note + 44);
    stream = stdout;
    USE(args);
    USE(&argc);
    USE(&limit);
    USE(&negative);
    USE(argv);
    per_thread++;
    int sum = middle(4) + other_file(2);
    qsort(unsorted, 2, sizeof unsorted[0], by_number);
    getcontext(&fiber_context);
    fiber_context.uc_stack.ss_sp = fiber_stack;
    fiber_context.uc_stack.ss_size = sizeof fiber_stack;
    fiber_context.uc_link = &main_context;
    makecontext(&fiber_context, fiber_main, 0);
    swapcontext(&main_context, &fiber_context);
    USE(args);
    free(heap_list->note);
    free(heap_list);
    free(heap_node);
    return sum == 12345;
}
