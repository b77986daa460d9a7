#ifndef TLS_WRAP_QUESTION_H
#define TLS_WRAP_QUESTION_H

/* What is asked of tls-wrap: a request with its descriptors, as tls(5) says. */

#include "tls/tls_request.h"

#define WRAP_QUESTION_SECONDS 600 /* who asks must first have heard "go ahead" */

struct wrap_question {
	struct tls_request request; /* its strings are valid until the next one */
	int net;                    /* the network's connection; -1: none has come */
	int clear;                  /* where clear text goes */
};

/*
 * Read one from sock, which carries the clear text unless it says otherwise.  Returns
 * null; or what is wrong, *gone being set when there is none, as nobody asks.  The
 * descriptors are the caller's in any case.
 */
const char *wrap_question_read(struct wrap_question *q, int sock, int *gone);

/* Close what came with it, but for sock. */
void wrap_question_end(struct wrap_question *q, int sock);

#endif
