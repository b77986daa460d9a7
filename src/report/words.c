#include <string.h>

#include "report/words.h"

static const struct {
	const char *status; /* all that begin so */
	const char *advice;
} advices[] = {
    {"5.1.2", "Please check the part of the address behind the @ for mistakes."},
    {"5.1.3", "Please check the address for mistakes."},
    {"5.1.10", "That domain accepts no mail at all."},
    {"5.1.8", "The recipient's server does not accept your own address as sender."},
    {"5.1",
	"Please check the address for mistakes; such a mailbox does not exist there."},
    {"5.2.2", "The mailbox is full.  Please tell the recipient by another way."},
    {"5.2.3", "The message is too large for the recipient.  Please send less at once."},
    {"5.3.4", "The message is too large for the recipient's server.  Please send less at "
	      "once."},
    {"5.4.6",
	"The message went round in circles; the postmasters concerned should know."},
    {"5.7", "The recipient's server does not want this message.  Only its postmaster can "
	    "tell "
	    "more."},
    {"4.4.7",
	"Please send it again later, or ask the recipient by another way whether their "
	"mail works."},
    {"5.4.7", "Please send it again later."},
    {"", "If this does not tell you what to do, please ask our postmaster."},
};

const char *
words_advice(const char *status)
{
	size_t i = 0, len;

	for (;; ++i) {
		len = strlen(advices[i].status);
		if (strncmp(status, advices[i].status, len) == 0 &&
		    (len == 0 || status[len] == '\0' || status[len] == '.'))
			return advices[i].advice;
	}
}
