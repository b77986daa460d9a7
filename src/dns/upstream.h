#ifndef DNS_UPSTREAM_H
#define DNS_UPSTREAM_H

/* The DNS servers, asked by c-ares, many questions at a time. */

#include <poll.h>
#include <stddef.h>

#define UPSTREAM_POLLED_MAX 60 /* sockets that it may have */

/*
 * Ask these servers, ADDRESS or ADDRESS:PORT each, each ended by \0, instead of those of
 * control/resolvers.
 */
void upstream_use(const char *servers, size_t len);

/*
 * What becomes of a question: the answer m[0..len) as it came, or null when there is
 * none.
 */
typedef void upstream_answer(void *asker, const unsigned char *m, size_t len);

/*
 * Ask for the records of type of the name, as text.  answer is called once, perhaps
 * before this returns; with null at once, after having said why, when no server can be
 * asked.  -1 when it is not a name that can be asked for: then answer is not called.
 */
int upstream_ask(const char *name, unsigned type, upstream_answer *answer, void *asker);

/* What is to be polled, at most UPSTREAM_POLLED_MAX: how many. */
size_t upstream_polled(struct pollfd *pollers);

/* For how many milliseconds there is nothing to do unless one of them is ready. */
int upstream_wait(void);

/* Look at them after they were polled. */
void upstream_process(const struct pollfd *pollers, size_t n);

#endif
