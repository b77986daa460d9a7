#ifndef LIB_HEAP_H
#define LIB_HEAP_H

/* Memory, without which the program ends. */

#include <stddef.h>

/* All that follow die with DEFER when memory is short. */

/* Die for lack of memory. */
void heap_lacks(void) __attribute__((noreturn));

/* Memory for n elements of size bytes, zeroed: to be given to free(3). */
void *heap_make(size_t n, size_t size);

/* A C string of its own, at most len bytes of s: to be given to free(3). */
char *heap_copy(const char *s, size_t len);

/*
 * The array that holds count elements of size bytes (null and 0 to begin with), with room
 * for one more.  It is doubled at powers of two: it must have grown by this function
 * only.
 */
void *heap_grow(void *array, size_t count, size_t size);

#endif
