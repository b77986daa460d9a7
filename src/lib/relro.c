/*
 * The part of a static program that is only written while it is moved to its place, made
 * read-only.  A dynamic program has this of its loader; musl's beginning of a static one
 * leaves it out.  Linked by name (conf-cc), called before main.
 */

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* The linker's: where the program begins in memory. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

__attribute__((constructor)) void relro_protect(void);

void
relro_protect(void)
{
	const ElfW(Phdr) *part = (const void *)getauxval(AT_PHDR);
	unsigned long left = getauxval(AT_PHNUM);
	uintptr_t page = getauxval(AT_PAGESZ), from, to;

	for (; left > 0; left--, part++) {
		if (part->p_type != PT_GNU_RELRO)
			continue;
		from = (uintptr_t)__ehdr_start + part->p_vaddr;
		to = (from + part->p_memsz) & ~(page - 1);
		from &= ~(page - 1);
		if (to > from && mprotect((void *)from, to - from, PROT_READ) == -1)
			_exit(111);
	}
}
