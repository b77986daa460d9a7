#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "tls/wrap_heap.h"

#define LARGEST 65536 /* bytes of a gap that is looked for; larger ones are parted */
#define STEP 16       /* by which sizes differ: alignof(max_align_t) */
#define CACHED 262144 /* bytes that malloc(3) may keep without counting them as free */
#define ROOM 100000   /* bytes that a connection needs, below what is mapped apart */

void
wrap_heap_fill(void)
{
	struct mallinfo2 info = mallinfo2();
	/* where the heap goes on when it has no gap, and all that can be in gaps */
	uintptr_t end = (uintptr_t)sbrk(0) - info.keepcost;
	size_t size, taken = 0, most = info.fordblks + CACHED;
	void *volatile p;

	for (size = LARGEST; size >= STEP; size -= STEP) {
		while (taken + size <= most && (p = malloc(size)) != NULL &&
		       (uintptr_t)p < end)
			taken += size;
		if (taken + size <= most)
			free(p);
	}
	/* a call for more is spared, too */
	p = malloc(ROOM);
	free(p);
}
