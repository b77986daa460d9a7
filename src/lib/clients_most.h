#ifndef LIB_CLIENTS_MOST_H
#define LIB_CLIENTS_MOST_H

/* How many clients a service may have at a time, as its option -l says. */

#include <stddef.h>

/* The number s, or 0 when it is none that may be. */
size_t clients_most_scan(const char *s);

/*
 * That of a program that knows no other argument, or otherwise, when there is none.  Dies
 * with DEFER and the usage when there is anything else.
 */
size_t clients_most_take(int argc, char **argv, size_t otherwise, const char *usage);

#endif
