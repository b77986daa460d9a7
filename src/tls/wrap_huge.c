#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tls/wrap_huge.h"

#define SWITCH "/sys/kernel/mm/transparent_hugepage/enabled"
#define PAGE ((size_t)0x200000)
#define LEAST (PAGE / 4) /* of a part, to be worth a page */

/* where the program lies: the linker says it */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

static size_t
round_up(size_t n)
{
	return (n + PAGE - 1) & ~(PAGE - 1);
}

/* Small pages would be copied one by one for each process. */
static int
kernel_has_some(void)
{
	int fd = open(SWITCH, O_RDONLY | O_CLOEXEC);
	char s[64];
	ssize_t r;

	if (fd == -1)
		return 0;
	r = read(fd, s, sizeof(s) - 1);
	close(fd);
	s[r > 0 ? r : 0] = '\0';
	return r > 0 && strstr(s, "[never]") == NULL;
}

/* Put a copy of the part in its place. */
static void
move(const char *place, size_t len, int protection)
{
	size_t size = round_up(len), before, room_size = size + PAGE;
	char *room, *copy;

	room = mmap(
	    NULL, room_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		return;
	before = round_up((uintptr_t)room) - (uintptr_t)room;
	copy = room + before;
	if (madvise(copy, size, MADV_HUGEPAGE) == 0) {
		memcpy(copy, place, len);
		if (mprotect(copy, size, protection) == 0)
			mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	}
	/* all of it, or what is left around the hole */
	munmap(room, room_size);
}

void
wrap_huge_move(void)
{
	const char *base = __ehdr_start;
	const ElfW(Ehdr) *header = (const void *)base;
	const ElfW(Phdr) *part = (const void *)(base + header->e_phoff);
	int n = header->e_phnum;

	if (!kernel_has_some())
		return;
	for (; n > 0; n--, part++)
		if (part->p_type == PT_LOAD && !(part->p_flags & PF_W) &&
		    part->p_align >= PAGE && part->p_memsz >= LEAST &&
		    (uintptr_t)(base + part->p_vaddr) % PAGE == 0)
			move(base + part->p_vaddr, part->p_memsz,
			    PROT_READ | (part->p_flags & PF_X ? PROT_EXEC : 0));
}
