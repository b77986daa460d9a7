#ifndef SMTP_SINK_REPLY_H
#define SMTP_SINK_REPLY_H

/* The reply to the client that a sink's words become. */

#include <stralloc.h>

/*
 * Set reply to what a client hears of a sink's verdict (REJECT or DEFER): report[0..len)
 * is the sink's text, perhaps with an SMTP code, an enhanced status code before it or, as
 * qmail writes it, "(#5.7.1)" at its end.  These become the reply's own, and are said
 * once, when they agree with the verdict; else they are mere text. reply is a C string.
 * Dies with DEFER when memory is short.
 */
void sink_reply_put(stralloc *reply, int verdict, const char *report, size_t len);

#endif
