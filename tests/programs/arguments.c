// Arguments, and a standard input that is empty.
// ARGS first "second one" 3
// EXPECT complete
// EXPECT outcome "4 first|second one|3 end of file\n" exit 0
// EXPECT no-findings
#include <stdio.h>

int main(int argc, char **argv)
{
    printf("%d %s|%s|%s ", argc, argv[1], argv[2], argv[3]);
    puts(getchar() == EOF ? "end of file" : "input");
    return 0;
}
