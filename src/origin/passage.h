#ifndef ORIGIN_PASSAGE_H
#define ORIGIN_PASSAGE_H

/* One message on its way through origin-check: looked at, judged, and handed on. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/sink.h"
#include "origin/assessment.h"
#include "origin/incoming.h"
#include "origin/kept.h"

struct passage {
	/* The caller's: */
	const char *const *next;      /* the next sink's argv */
	struct queue_client *service; /* for it, kept from message to message; or null */
	const char *id;               /* of the message, for the log */
	int64_t since; /* when who has given it may have begun to wait for us */
	/* ends it with a verdict, "CODE STATUS text": does not return */
	void (*conclude)(int verdict, const char *text);

	struct sink sink;
	int is_started;
	int is_checked;
	stralloc name; /* ours, in the field */
	enum assessment_mode mode;
	int is_alarmed; /* it has been said that control/dmarc makes no sense */
	struct assessment assessment; /* its dns is kept from message to message */
	struct incoming incoming;
	struct kept kept;
	/*
	 * How far we are: it is kept until there is a judgement, and until its end, if
	 * that is near, so that the next sink gets it in one piece.
	 */
	int is_passing; /* not kept any more */
	int is_asked;   /* the DNS: the header is over */
	int is_over;    /* the message is */
};

#define PASSAGE_NONE                                                                     \
	{                                                                                \
		.assessment = {.dns = DNS_CLIENT_NONE }                                  \
	} /* to begin with */

/*
 * Begin a message of the client that the environment tells of.  Reads the control files.
 * Dies with DEFER where they are of no use.
 */
void passage_begin(struct passage *p);

/* The next piece of it. */
void passage_feed(struct passage *p, const char *s, size_t len);

/* There is no more of it. */
void passage_end(struct passage *p);

/* Hand over the envelope; the verdict of the next sink, its words in report. */
int passage_finish(struct passage *p, const stralloc *envelope, stralloc *report);

/* Nothing is handed on, or only what has been: it is not committed. */
void passage_abort(struct passage *p);

/* Forget the message, and be ready for another. */
void passage_clear(struct passage *p);

#endif
