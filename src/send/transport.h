#ifndef SEND_TRANSPORT_H
#define SEND_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#define TRANSPORT_INPUT 65536 /* bytes that a peer may send ahead of what we read */

/*
 * A connection to a server.  All that is known about it is a descriptor, which
 * may as well be the socket of a program that speaks TLS for us on the real one: fd
 * is replaced then, and the input is forgotten.
 */
struct transport {
	int fd;                      /* non-blocking; -1: not connected */
	int ended;                   /* the peer will send no more */
	size_t len;                  /* of input */
	char input[TRANSPORT_INPUT]; /* what was received and not consumed */
};

/* Begin with a connection, the non-blocking descriptor fd. */
void transport_take(struct transport *t, int fd);

void transport_close(struct transport *t);

/*
 * Send all of buf within seconds, and take in what the peer says meanwhile,
 * so that neither waits for the other (RFC 2920, 3.1).  Returns 0, or -1 with errno, and
 * then the last byte has not been sent.
 */
int transport_write(struct transport *t, const char *buf, size_t len, unsigned seconds);

/*
 * Wait for more input until the time at (deadline_now).  Returns 1; 0 when the peer has
 * closed; -1 with errno, ETIMEDOUT, or ENOBUFS when input is full.
 */
int transport_fill(struct transport *t, int64_t at);

/* Has the peer said something, or closed, by now?  Does not wait. */
int transport_has_news(struct transport *t);

/* Take the first len bytes of input away. */
void transport_consume(struct transport *t, size_t len);

#endif
