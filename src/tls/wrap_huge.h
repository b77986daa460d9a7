#ifndef TLS_WRAP_HUGE_H
#define TLS_WRAP_HUGE_H

/* The program's own code on huge pages. */

/*
 * Put the code of this program, and what is constant in it, on huge pages, where the
 * linker has left room for them and the kernel has some.  A process that is forked then
 * has all of it at once, by a few entries in its page tables; otherwise it makes some
 * hundreds of them, piece by piece, and its end takes them away.  Where it can't be done
 * nothing changes.  The memory is never writable and executable at once.
 */
void wrap_huge_move(void);

#endif
