#define _GNU_SOURCE
#include <link.h>
#include <string.h>
static int visit(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    if (strstr(info->dlpi_name, "lockstep"))
        for (int i = 0; i < info->dlpi_phnum; i++)
            if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_W)
                for (unsigned long k = 8192; k < info->dlpi_phdr[i].p_memsz; k++)
                    ((volatile char *)info->dlpi_addr + info->dlpi_phdr[i].p_vaddr)[k] = 0x5a;
    return 0;
}
int main(void)
{
    dl_iterate_phdr(visit, 0);
    return 0;
}
