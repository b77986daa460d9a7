#include <errno.h>
#include <string.h>

#include "onward/answer.h"

/* RFC 3463: mailbox full, mail system full, any other trouble of the mail system */
static const char *
status_of(int error)
{
	if (error == EDQUOT)
		return "4.2.2";
	return error == ENOSPC || error == EFBIG ? "4.3.1" : "4.3.0";
}

void
answer_trouble(struct outcome *answer, const char *verb_object)
{
	int error = errno;

	outcome_set(answer, 'Z', status_of(error), "unable to ", verb_object, ": ",
	    strerror(error), (char *)NULL);
}
