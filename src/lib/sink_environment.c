#include <stdlib.h>

#include "lib/sink.h"
#include "lib/sink_environment.h"
#include "lib/text.h"

#define RECIPIENTS "RECIPIENTS"

/* What is too long for a variable stands in the envelope only. */
static int
set_recipients(const stralloc *recipients)
{
	stralloc value = {0};
	int r;

	if (recipients->len == 0 || recipients->len > SINK_ENVIRONMENT_RECIPIENTS_MAX)
		return unsetenv(RECIPIENTS);
	text_setb(&value, recipients->s, recipients->len - 1);
	r = setenv(RECIPIENTS, value.s, 1);
	stralloc_free(&value);
	return r;
}

int
sink_environment_set(const struct sink_environment *e, const char *const *argv)
{
	if (sink_is_service(argv))
		return 0;
	if ((e->helo == NULL ? unsetenv("SMTPHELO") : setenv("SMTPHELO", e->helo, 1)) ==
		-1 ||
	    setenv("SENDER", e->sender, 1) == -1 || set_recipients(e->recipients) == -1)
		return -1;
	return policies_export(e->policies);
}

void
sink_environment_clear(const struct sink_environment *e, const char *const *argv)
{
	if (sink_is_service(argv))
		return;
	policies_withdraw(e->policies);
	unsetenv(RECIPIENTS);
	unsetenv("SENDER");
	unsetenv("SMTPHELO");
}
