#ifndef SEND_WRAP_PROCESS_H
#define SEND_WRAP_PROCESS_H

/* The process of tls-wrap that speaks TLS for us, in one session after the other. */

#include <stralloc.h>

#define WRAP_PROCESS_SESSIONS                                                            \
	100 /* of one process: what one leaves behind ends with it */

/* Zeroed to begin with. */
struct wrap_process {
	int is_open;
	int sock; /* on which it is asked */
	unsigned sessions;
	int is_alone; /* it serves one session only, in which a password is said */
};

/*
 * Have one that is ready to be asked, so that it gets ready while a server is told; of
 * its own for one session, with is_alone.  Returns 0, or -1 with errno.
 */
int wrap_process_ready(struct wrap_process *w, int is_alone);

/*
 * Ask it, which is ready, as tls_ask; after 'K' *clear is a descriptor for the clear
 * text.
 */
char wrap_process_ask(struct wrap_process *w, int fd, stralloc *request, unsigned seconds,
    stralloc *answer, int *clear);

/* It is not needed any more. */
void wrap_process_end(struct wrap_process *w);

#endif
