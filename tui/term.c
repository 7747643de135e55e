#include "term.h"

#include "keys.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { SLOW_MS = 4, LAST_MS = 500 }; /* how long a terminal that is behind is waited for */

/* Signals that only set a flag through the pipe, and those that end us. */
static const int noted[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int fatal[] = {SIGSEGV,   SIGBUS,  SIGFPE,    SIGILL,  SIGABRT, SIGSYS,
                            SIGTRAP,   SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2,
                            SIGSTKFLT, SIGIO,   SIGPWR,    SIGXCPU, SIGXFSZ};
enum { NNOTED = sizeof noted / sizeof *noted, NFATAL = sizeof fatal / sizeof *fatal };

static struct {
    int open;
    SCREEN *screen;
    int colours, colours_asked;
    enum tui_theme theme;
    int pipe[2];
    int frame_fd;           /* LOCKSTEP_FRAME_FD, -1 none */
    int real_stderr, aside; /* while open: where fd 2 really goes, and the file kept instead */
    struct termios modes;   /* before */
    int has_modes;
    char restore[512]; /* what to send to leave full-screen mode, for signal handlers */
    size_t nrestore;
    struct sigaction before_noted[NNOTED], before_fatal[NFATAL];
    struct canvas shown;
    int all_anew, cursor; /* cursor: it is shown */
    int terminal, out;    /* standard output; the same opened anew, so that writing does not wait */
    int frame;            /* a file for what curses writes; -1 none */
    struct buf pending;   /* not yet sent to the terminal, but for the first `sent` bytes */
    size_t sent;
    attr_t attrs[4096]; /* by style */
    short pairs[ROLE_COUNT];
    int suspend, stale; /* SIGTSTP came; SIGCONT came */
    struct term_signals signals;
    struct input last_click;
    char alt_stack[64 * 1024];
} t;

int64_t term_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* -------- signals -------- */

static void note_signal(int signal_number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)signal_number;
    if (write(t.pipe[1], &byte, 1) < 0) {
        /* The pipe is full: enough is noted already. */
    }
    errno = saved;
}

static void write_all(int fd, const char *s, size_t n)
{
    while (n) {
        ssize_t done = write(fd, s, n);
        if (done < 0 && errno != EINTR)
            return;
        if (done > 0) {
            s += done;
            n -= (size_t)done;
        }
    }
}

/* What was written to standard error meanwhile. Async-signal-safe. */
static void show_aside(void)
{
    char bytes[4096];
    ssize_t n;
    if (t.aside < 0)
        return;
    dup2(t.real_stderr, STDERR_FILENO);
    for (off_t at = 0; (n = pread(t.aside, bytes, sizeof bytes, at)) > 0; at += n)
        write_all(STDERR_FILENO, bytes, (size_t)n);
    close(t.aside);
    close(t.real_stderr);
    t.aside = t.real_stderr = -1;
}

/* Give the terminal back without curses. Async-signal-safe. */
static void restore_terminal(void)
{
    if (!t.open)
        return;
    t.open = 0;
    write_all(t.terminal, t.restore, t.nrestore);
    if (t.has_modes)
        tcsetattr(STDIN_FILENO, TCSANOW, &t.modes);
    show_aside();
}

static void on_fatal(int signal_number)
{
    restore_terminal();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void catch_signals(void)
{
    stack_t stack = {.ss_sp = t.alt_stack, .ss_size = sizeof t.alt_stack};
    sigaltstack(&stack, NULL);
    struct sigaction note = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    struct sigaction end = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK};
    sigfillset(&note.sa_mask);
    sigemptyset(&end.sa_mask);
    for (int i = 0; i < NNOTED; i++)
        sigaction(noted[i], &note, &t.before_noted[i]);
    for (int i = 0; i < NFATAL; i++)
        sigaction(fatal[i], &end, &t.before_fatal[i]);
}

static void release_signals(void)
{
    for (int i = 0; i < NNOTED; i++)
        sigaction(noted[i], &t.before_noted[i], NULL);
    for (int i = 0; i < NFATAL; i++)
        sigaction(fatal[i], &t.before_fatal[i], NULL);
}

/* -------- taking and giving back -------- */

static void add_restore(const char *capability)
{
    const char *s = tigetstr(capability);
    if (!s || s == (char *)-1)
        return;
    size_t n = strlen(s);
    /* A delay written into a capability ($<5>) is for tputs; modern terminals need none. */
    const char *delay = strstr(s, "$<");
    if (delay)
        n = (size_t)(delay - s);
    if (t.nrestore + n < sizeof t.restore) {
        memcpy(t.restore + t.nrestore, s, n);
        t.nrestore += n;
    }
}

static void prepare_restore(int mouse)
{
    static const char mouse_off[] = "\033[?1006l\033[?1002l\033[?1000l";
    t.nrestore = 0;
    if (mouse && tigetstr("kmous") != (char *)-1 && tigetstr("kmous")) {
        memcpy(t.restore, mouse_off, sizeof mouse_off - 1);
        t.nrestore = sizeof mouse_off - 1;
    }
    add_restore("sgr0");
    add_restore("rmkx");
    add_restore("cnorm");
    add_restore("rmcup");
}

static void keep_stderr_aside(void)
{
    t.aside = memfd_create("stderr", MFD_CLOEXEC);
    if (t.aside < 0)
        return;
    t.real_stderr = dup(STDERR_FILENO);
    if (t.real_stderr < 0 || dup2(t.aside, STDERR_FILENO) < 0) {
        close(t.aside);
        t.aside = -1;
    }
}

static void prepare_colours(const struct tui_options *o)
{
    t.theme = o->theme;
    t.colours_asked = o->colours;
    t.colours = 0;
    if (o->theme != TUI_MONO && has_colors()) {
        start_color();
        use_default_colors();
        t.colours = COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : COLORS;
        if (o->colours && o->colours < t.colours)
            t.colours = o->colours;
    }
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        struct look look = theme_look(t.theme, t.colours, role);
        t.pairs[role] = (short)(look.fg >= 0 && t.colours ? role + 1 : 0);
        if (t.pairs[role])
            init_pair(t.pairs[role], (short)look.fg, -1);
    }
    for (unsigned style = 0; style < 4096; style++) {
        static const attr_t curses_attrs[] = {A_BOLD, A_REVERSE, A_UNDERLINE, A_DIM};
        unsigned attrs = theme_look(t.theme, t.colours, style).attrs;
        t.attrs[style] = 0;
        for (int i = 0; i < 4; i++)
            if (attrs & (unsigned)(ATTR_BOLD << i))
                t.attrs[style] |= curses_attrs[i];
    }
}

void term_theme(enum tui_theme theme, int painted)
{
    struct tui_options o = {.theme = theme, .colours = t.colours_asked};
    int light = theme == TUI_LIGHT;
    if (!t.open || !t.screen)
        return;
    if (t.colours)
        use_default_colors(); /* not those painted before */
    prepare_colours(&o);
    if (painted && t.colours >= 8) {
        int white = t.colours >= 256 ? 231 : 7, black = t.colours >= 256 ? 16 : 0;
        assume_default_colors(light ? black : white, light ? white : black);
    }
    t.all_anew = 1;
}

/* Both forms of the cursor keys, whatever the terminal makes of its keypad mode. */
static void define_other_keys(void)
{
    static const struct {
        const char *sent;
        int key;
    } keys[] = {
        {"\033[A", KEY_UP},     {"\033[B", KEY_DOWN},   {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
        {"\033OA", KEY_UP},     {"\033OB", KEY_DOWN},   {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
        {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE}, /* what clickers send */
        {"\033[H", KEY_HOME},   {"\033[F", KEY_END},    {"\033OH", KEY_HOME},  {"\033OF", KEY_END},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (key_defined(keys[i].sent) == 0)
            define_key(keys[i].sent, keys[i].key);
}

/* Without these curses writes by itself, and a slow terminal makes it wait. */
static void open_output(void)
{
    t.terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (t.terminal < 0)
        t.terminal = STDOUT_FILENO;
    t.out = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    t.frame = t.out >= 0 && t.terminal != STDOUT_FILENO ? memfd_create("frame", MFD_CLOEXEC) : -1;
    if (t.out < 0)
        t.out = t.terminal;
    t.cursor = 0;
    t.sent = 0;
}

static void close_output(void)
{
    if (t.frame >= 0)
        close(t.frame);
    if (t.out != t.terminal)
        close(t.out);
    if (t.terminal != STDOUT_FILENO)
        close(t.terminal);
    t.frame = -1;
    t.terminal = t.out = STDOUT_FILENO;
    buf_fini(&t.pending);
    t.pending = (struct buf){0};
    t.sent = 0;
}

static void open_frame_fd(void)
{
    const char *s = getenv("LOCKSTEP_FRAME_FD");
    t.frame_fd = s && *s ? atoi(s) : -1;
}

static void take_mouse(int on)
{
    mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
    mouseinterval(0);
}

void term_use(const struct tui_options *o)
{
    if (!t.open)
        return;
    prepare_colours(o);
    take_mouse(o->mouse);
    prepare_restore(o->mouse);
    t.all_anew = 1;
}

int term_open(const struct tui_options *o, struct err *e)
{
    const char *term = getenv("TERM");
    if (t.open)
        return err_set(e, ERR_INTERNAL, "the terminal is open already");
    if (pipe2(t.pipe, O_CLOEXEC | O_NONBLOCK) < 0)
        return err_set(e, ERR_INTERNAL, "no pipe: %s", strerror(errno));
    t.has_modes = tcgetattr(STDIN_FILENO, &t.modes) == 0;
    t.screen = newterm(NULL, stdout, stdin);
    if (!t.screen) {
        close(t.pipe[0]);
        close(t.pipe[1]);
        return err_set(e, ERR_UNSUPPORTED,
                       "cannot draw on a terminal of type \"%s\"; set TERM, or use --plain",
                       term ? term : "");
    }
    set_escdelay(25);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    define_other_keys();
    meta(stdscr, TRUE);
    curs_set(0);
    prepare_colours(o);
    take_mouse(o->mouse);
    prepare_restore(o->mouse);
    catch_signals();
    keep_stderr_aside();
    open_frame_fd();
    open_output();
    canvas_init(&t.shown);
    t.all_anew = 1;
    t.open = 1;
    base_at_fatal(restore_terminal);
    return 0;
}

static int send_within(int ms);

void term_close(void)
{
    if (!t.open)
        return;
    if (!t.screen) /* a fatal error gave it back already */
        return;
    send_within(LAST_MS);
    curs_set(1);
    mousemask(0, NULL);
    endwin();
    restore_terminal();
    close_output();
    release_signals();
    delscreen(t.screen);
    t.screen = NULL;
    canvas_fini(&t.shown);
    close(t.pipe[0]);
    close(t.pipe[1]);
    base_at_fatal(NULL);
}

void term_size(int *cols, int *rows)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row) {
        *cols = size.ws_col;
        *rows = size.ws_row;
        return;
    }
    *cols = COLS;
    *rows = LINES;
}

/* -------- input -------- */

static void suspend(void)
{
    t.suspend = 0;
    send_within(LAST_MS);
    def_prog_mode();
    endwin();
    /* The default action of SIGTSTP, as any program has it; nothing happens in a process group
     * whose shell is gone. */
    struct sigaction dfl = {.sa_handler = SIG_DFL}, ours;
    sigaction(SIGTSTP, &dfl, &ours);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    reset_prog_mode();
    t.stale = 1;
}

/* In the child: nothing of ours is left but the terminal. */
_Noreturn static void become(char *const argv[])
{
    sigset_t none;
    for (int i = 0; i < NNOTED; i++)
        signal(noted[i], SIG_DFL);
    for (int i = 0; i < NFATAL; i++)
        signal(fatal[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (t.aside >= 0)
        dup2(t.real_stderr, STDERR_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

int term_run(char *const argv[])
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, dfl = {.sa_handler = SIG_DFL};
    struct sigaction interrupt, quit, stop;
    int status = -1;
    if (!t.open)
        return -ERR_USAGE;
    send_within(LAST_MS);
    def_prog_mode();
    endwin();
    /* As system() does: the keys mean the program that is there now; Ctrl-Z means us as well, or
     * the shell would wait for a program that is stopped. */
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    sigaction(SIGTSTP, &dfl, &stop);
    pid_t pid = fork();
    if (pid == 0)
        become(argv);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    sigaction(SIGTSTP, &stop, NULL);
    reset_prog_mode();
    t.stale = 1; /* the next look at the signals has everything drawn anew */
    return status;
}

struct term_signals term_signals(void)
{
    unsigned char bytes[64];
    ssize_t n;
    while ((n = read(t.pipe[0], bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++)
            switch (bytes[i]) {
            case SIGWINCH:
                t.signals.resized = 1;
                break;
            case SIGTSTP:
                t.suspend = 1;
                break;
            case SIGCONT:
                t.stale = 1;
                break;
            case SIGINT:
                t.signals.interrupt = 1;
                break;
            default:
                t.signals.leave = bytes[i];
            }
    if (t.suspend)
        suspend();
    if (t.stale) { /* another program may have drawn meanwhile, the size may be new */
        t.stale = 0;
        t.all_anew = 1;
        t.signals.resized = 1;
    }
    struct term_signals now = t.signals;
    memset(&t.signals, 0, sizeof t.signals);
    return now;
}

void term_wait(int fd, int timeout_ms)
{
    struct pollfd polled[] = {{STDIN_FILENO, POLLIN, 0}, {t.pipe[0], POLLIN, 0}, {fd, POLLIN, 0}};
    poll(polled, fd >= 0 ? 3 : 2, timeout_ms);
}

static int from_curses(wint_t key)
{
    static const struct {
        int curses, ours;
    } map[] = {
        {KEY_UP, K_UP},       {KEY_DOWN, K_DOWN},           {KEY_LEFT, K_LEFT},
        {KEY_RIGHT, K_RIGHT}, {KEY_HOME, K_HOME},           {KEY_END, K_END},
        {KEY_PPAGE, K_PGUP},  {KEY_NPAGE, K_PGDN},          {KEY_BTAB, K_BACKTAB},
        {KEY_ENTER, K_ENTER}, {KEY_BACKSPACE, K_BACKSPACE}, {KEY_DC, K_DELETE},
        {KEY_F(1), K_F1},
    };
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (map[i].curses == (int)key)
            return map[i].ours;
    return 0;
}

static int read_mouse(struct input *in)
{
    MEVENT m;
    if (getmouse(&m) != OK)
        return 0;
    *in = (struct input){.key = K_MOUSE, .x = m.x, .y = m.y, .now = term_now_ms(), .clicks = 1};
    if (m.bstate & BUTTON4_PRESSED)
        in->wheel = -1;
    else if (m.bstate & BUTTON5_PRESSED)
        in->wheel = 1;
    else if (!(m.bstate & BUTTON1_PRESSED))
        return 0;
    if (!in->wheel) {
        if (t.last_click.key && t.last_click.x == in->x && t.last_click.y == in->y &&
            in->now - t.last_click.now < 400)
            in->clicks = 2;
        t.last_click = *in;
    }
    return 1;
}

/* 1 when the terminal hung up: reading says end of file for ever. */
static int hung_up(void)
{
    struct pollfd polled = {STDIN_FILENO, POLLIN, 0};
    return poll(&polled, 1, 0) > 0 && (polled.revents & (POLLHUP | POLLERR | POLLNVAL)) &&
           !(polled.revents & POLLIN);
}

int term_read(struct input *in)
{
    wint_t key;
    for (;;) {
        int got = get_wch(&key);
        if (got == ERR)
            return hung_up() ? -1 : 0;
        if (got == KEY_CODE_YES && key == KEY_MOUSE) {
            if (read_mouse(in))
                return 1;
            continue;
        }
        *in = (struct input){.now = term_now_ms()};
        if (got == KEY_CODE_YES)
            in->key = from_curses(key);
        else
            in->key = key == 0x7f ? K_BACKSPACE : key == '\r' ? K_ENTER : (int)key;
        if (in->key)
            return 1;
    }
}

/* -------- output -------- */

static void show_cell(int x, int y, const struct cell *cell)
{
    wchar_t text[3] = {cell->ch, cell->mark, 0};
    cchar_t out;
    unsigned role = cell->style & ROLE_MASK;
    short pair = role < ROLE_COUNT ? t.pairs[role] : 0;
    setcchar(&out, text, t.attrs[cell->style & 0xfff], pair, NULL);
    mvadd_wch(y, x, &out);
}

static int same_cell(const struct cell *a, const struct cell *b)
{
    return a->ch == b->ch && a->mark == b->mark && a->style == b->style;
}

static void fit_to(const struct canvas *c)
{
    if (c->cols != COLS || c->rows != LINES)
        resizeterm(c->rows, c->cols);
    if (t.all_anew || t.shown.cols != c->cols || t.shown.rows != c->rows) {
        canvas_resize(&t.shown, c->cols, c->rows);
        erase();
        clearok(stdscr, TRUE);
        t.all_anew = 0;
    }
}

static void tell_frame(int busy)
{
    struct pollfd polled[] = {{STDIN_FILENO, POLLIN, 0}, {t.pipe[0], POLLIN, 0}};
    if (t.frame_fd >= 0 && busy)
        write_all(t.frame_fd, "busy\n", 5);
    else if (t.frame_fd >= 0 && poll(polled, 2, 0) == 0)
        write_all(t.frame_fd, "frame\n", 6);
}

/* Send what the terminal takes now of what is pending; 1 when nothing is left. */
static int send_pending(void)
{
    while (t.sent < t.pending.len) {
        ssize_t n = write(t.out, t.pending.data + t.sent, t.pending.len - t.sent);
        if (n > 0)
            t.sent += (size_t)n;
        else if (n < 0 && errno == EAGAIN)
            return 0;
        else if (n == 0 || errno != EINTR)
            break; /* the terminal is gone: reading says so */
    }
    t.pending.len = t.sent = 0;
    return 1;
}

/* The same, waiting for a slow one so long in all. */
static int send_within(int ms)
{
    int64_t until = term_now_ms() + ms;
    while (!send_pending()) {
        struct pollfd polled = {t.out, POLLOUT, 0};
        int64_t left = until - term_now_ms();
        if (left <= 0 || poll(&polled, 1, (int)left) == 0)
            return 0;
    }
    return 1;
}

int term_takes(void)
{
    int behind = t.pending.len > 0;
    if (!send_pending())
        return 0;
    if (behind)
        tell_frame(0);
    return 1;
}

/* Curses writes to standard output and waits until all is written; a file stands there meanwhile,
 * and what is in it then goes to the terminal as it takes it. */
static void collect_frame(void)
{
    if (t.frame < 0 || dup2(t.frame, STDOUT_FILENO) < 0) {
        refresh();
        return;
    }
    refresh();
    dup2(t.terminal, STDOUT_FILENO);
    off_t n = lseek(t.frame, 0, SEEK_CUR);
    char bytes[4096];
    for (off_t at = 0; at < n;) {
        ssize_t got = pread(t.frame, bytes, sizeof bytes, at);
        if (got <= 0)
            break;
        buf_add(&t.pending, bytes, (size_t)got);
        at += got;
    }
    if (lseek(t.frame, 0, SEEK_SET) != 0 || ftruncate(t.frame, 0) != 0)
        base_fatal("the file of a frame cannot be emptied: %s", strerror(errno));
}

int term_show(const struct canvas *c, int busy)
{
    if (!send_within(SLOW_MS))
        return 0;
    fit_to(c);
    size_t i = 0;
    for (int y = 0; y < c->rows; y++)
        for (int x = 0; x < c->cols; x++, i++) {
            const struct cell *cell = &c->cells[i];
            if (same_cell(cell, &t.shown.cells[i]))
                continue;
            /* the right half of a wide character is drawn with its left half */
            if (cell->ch)
                show_cell(x, y, cell);
            t.shown.cells[i] = *cell;
        }
    int cursor = c->cursor_x >= 0;
    if (cursor)
        move(c->cursor_y, c->cursor_x);
    if (cursor != t.cursor) {
        send_within(SLOW_MS);
        curs_set(cursor);
        t.cursor = cursor;
    }
    collect_frame();
    if (!send_within(SLOW_MS))
        return 0;
    tell_frame(busy);
    return 1;
}

void term_redraw(void)
{
    t.all_anew = 1;
}
