#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
int main(void)
{
    struct termios mode;
    int fd = open("/dev/tty", O_RDWR), set = 0;
    for (int i = -1; i < 3; i++) {
        int t = i < 0 ? fd : i;
        if (tcgetattr(t, &mode) == 0) {
            cfmakeraw(&mode);
            set += tcsetattr(t, TCSANOW, &mode) == 0;
        }
        set += t >= 0 && ioctl(t, TIOCSTI, "x") == 0;
    }
    write(fd, "\033[2Jall mine", 12);
    printf("%s, %d set\n", fd < 0 ? "no terminal" : "a terminal", set);
}
