#ifndef MILTER_MILTER_OPTIONS_H
#define MILTER_MILTER_OPTIONS_H

/* What is agreed upon with a milter before anything else. */

#include <stdint.h>

#include "milter/milter_channel.h"
#include "milter/milter_macros.h"

/* Steps that it may be spared, or that it does not answer, or is told otherwise. */
#define MILTER_NO_CONNECT 0x1
#define MILTER_NO_HELO 0x2
#define MILTER_NO_MAIL 0x4
#define MILTER_NO_RCPT 0x8
#define MILTER_NO_BODY 0x10
#define MILTER_NO_HEADERS 0x20
#define MILTER_NO_HEADER_END 0x40
#define MILTER_NO_REPLY_HEADER 0x80
#define MILTER_NO_DATA 0x200
#define MILTER_NO_REPLY_CONNECT 0x1000
#define MILTER_NO_REPLY_HELO 0x2000
#define MILTER_NO_REPLY_MAIL 0x4000
#define MILTER_NO_REPLY_RCPT 0x8000
#define MILTER_NO_REPLY_DATA 0x10000
#define MILTER_NO_REPLY_HEADER_END 0x40000
#define MILTER_NO_REPLY_BODY 0x80000
#define MILTER_LEADING_SPACE 0x100000

struct milter_options {
	uint32_t version;
	uint32_t actions; /* that it may ask for */
	uint32_t steps;
	struct milter_macros macros;
};

/* Agree upon them, on a channel just opened.  Returns 0, or -1, and it is lost. */
int milter_options_agree(struct milter_options *o, struct milter_channel *c);

#endif
