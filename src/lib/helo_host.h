#ifndef LIB_HELO_HOST_H
#define LIB_HELO_HOST_H

/* The name with which we greet a server: control/helohost. */

#include <stddef.h>

/*
 * Is the line a NAME, or an ADDRESS of ours and the NAME that is said from there?  1 and
 * 2 then, or 0.
 */
int helo_host_line(const char *line);

/*
 * The name in list[0..len), lines as control_list gives them, for a connection from our
 * address ip (IPv4 as ::ffff:a.b.c.d), which may be null: the one of the first line with
 * that address, else the one of the first line without an address, else fallback.
 */
const char *helo_host_find(
    const char *list, size_t len, const unsigned char *ip, const char *fallback);

#endif
