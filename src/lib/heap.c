#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/heap.h"
#include "lib/verdict.h"

#define FIRST 8 /* elements of an array that grows, a power of two */

void
heap_lacks(void)
{
	die(DEFER, "out of memory");
}

void *
heap_make(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		heap_lacks();
	return p;
}

char *
heap_copy(const char *s, size_t len)
{
	char *copy = strndup(s, len);

	if (copy == NULL)
		heap_lacks();
	return copy;
}

void *
heap_grow(void *array, size_t count, size_t size)
{
	if (count != 0 && (count < FIRST || (count & (count - 1)) != 0))
		return array;
	array = reallocarray(array, count == 0 ? FIRST : 2 * count, size);
	if (array == NULL)
		heap_lacks();
	return array;
}
