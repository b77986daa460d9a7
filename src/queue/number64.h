#ifndef QUEUE_NUMBER64_H
#define QUEUE_NUMBER64_H

#include <stdint.h>

/* Numbers of 8 bytes, the least first, as the journal's segments hold them: queue(5). */

/* Write n to the 8 bytes at s, and read them. */
void number64_put(char *s, uint64_t n);
uint64_t number64_get(const char *s);

#endif
