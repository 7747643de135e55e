/* Small questions to a DIE. */
#include <dwarf.h>

#include "symbols_internal.h"

enum { MAX_RANGES = 4096 };

const char *sym_die_name(Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attr));
}

int sym_die_flag(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attr;
    bool set = false;
    return dwarf_attr(die, name, &attr) && dwarf_formflag(&attr, &set) == 0 && set;
}

uint64_t sym_die_udata(Dwarf_Die *die, unsigned name, uint64_t otherwise)
{
    Dwarf_Attribute attr;
    Dwarf_Word value;
    if (!dwarf_attr_integrate(die, name, &attr) || dwarf_formudata(&attr, &value) != 0)
        return otherwise;
    return value;
}

/* Finding a sibling may walk all that is below a DIE, so the bytes skipped are the work done. */
int sym_die_next(struct symbols *s, Dwarf_Die *die)
{
    const char *at = die->addr;
    if (dwarf_siblingof(die, die) != 0)
        return 0;
    return symbols_charge(s, (uint64_t)((const char *)die->addr - at));
}

int sym_die_has_pc(Dwarf_Die *die, uint64_t link_pc)
{
    Dwarf_Addr base, low, high;
    ptrdiff_t at = 0;
    for (int i = 0; i < MAX_RANGES; i++) {
        at = dwarf_ranges(die, at, &base, &low, &high);
        if (at <= 0)
            return 0;
        if (link_pc >= low && link_pc < high)
            return 1;
    }
    return 0;
}
