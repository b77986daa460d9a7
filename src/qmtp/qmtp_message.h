#ifndef QMTP_QMTP_MESSAGE_H
#define QMTP_QMTP_MESSAGE_H

/* A message on its way from the client to the sink. */

#include <stdint.h>

#include "lib/header_watch.h"
#include "lib/queueid.h"
#include "lib/spool.h"
#include "qmtp/qmtp_input.h"
#include "qmtp/qmtp_text.h"

#define QMTP_MESSAGE_RECIPIENTS_MAX 1000
#define QMTP_MESSAGE_ENVELOPE_MAX 1100000 /* bytes of all recipients, as they come */

/* What holds for all messages of a connection. */
struct qmtp_message_settings {
	const char *const *sink; /* its argv */
	stralloc me;
	unsigned long long databytes; /* 0: no limit */
	unsigned seconds;             /* for each step of the client */
	unsigned seconds_whole;       /* for the whole connection */
	const char *protocol;         /* for the Received field */
	stralloc client; /* who it is, for that: a name or an address literal */
};

struct qmtp_message {
	char id[QUEUEID_LEN + 1];
	int64_t began; /* in the time of deadline_now */
	struct qmtp_text text;
	struct header_watch header;
	struct spool spool;
	int is_headless; /* an empty line has been put before it */
};

/*
 * Read what control files and environment say.  Dies with DEFER when that fails.
 */
void qmtp_message_configure(struct qmtp_message_settings *settings);

/*
 * Take a message of size bytes in that encoding.  Returns 1; 0 at the end of file, -1
 * with errno.  Trouble of our own shows in qmtp_message_fault.
 */
int qmtp_message_take(struct qmtp_message *m, struct qmtp_input *in, char encoding,
    unsigned long long size, const struct qmtp_message_settings *settings);

/* Null, or why it can't be accepted: D or Z and a text. */
const char *qmtp_message_fault(
    struct qmtp_message *m, const struct qmtp_message_settings *settings);

/* Is s an address that mail can come from: empty, or a mailbox?  Or go to: not empty? */
int qmtp_message_is_sender(const char *s, size_t len);
int qmtp_message_is_recipient(const char *s, size_t len);

/*
 * Hand it to the sink, below the fields and our Received, for the n recipients, C
 * strings. Returns its verdict; report is the reason.  It has been logged.
 */
int qmtp_message_hand_over(struct qmtp_message *m,
    const struct qmtp_message_settings *settings, const stralloc *fields,
    const char *sender, const char *const *recipients, size_t n, stralloc *report);

/* Log that it was refused: text is the answer; recipient may be null. */
void qmtp_message_log_refusal(const struct qmtp_message *m, const char *sender,
    const char *recipient, const char *text);

/* It is over. */
void qmtp_message_end(struct qmtp_message *m);

#endif
