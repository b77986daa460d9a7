#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sink.h"
#include "lib/sink_environment.h"
#include "lib/sink_told.h"
#include "lib/text.h"

#define RECIPIENTS "RECIPIENTS"

/* A service but a filter has no use for it. */
static int
is_unused(const char *const *argv)
{
	return sink_is_service(argv) && !sink_is_filter(argv);
}

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
	if (is_unused(argv))
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
	if (is_unused(argv))
		return;
	policies_withdraw(e->policies);
	unsetenv(RECIPIENTS);
	unsetenv("SENDER");
	unsetenv("SMTPHELO");
}

static void
put(stralloc *told, const char *name, const char *value, size_t len)
{
	text_cat(told, name, "=", (char *)NULL);
	text_catb(told, value, len);
	text_catb(told, "", 1);
}

int
sink_environment_tell(const struct sink_environment *e, stralloc *told)
{
	size_t begin = told->len;

	if (sink_told_put(told) == -1)
		return -1;
	if (e->helo != NULL)
		put(told, "SMTPHELO", e->helo, strlen(e->helo));
	put(told, "SENDER", e->sender, strlen(e->sender));
	policies_put_results(e->policies, told);
	if (e->recipients->len > 0 &&
	    told->len - begin + e->recipients->len + sizeof RECIPIENTS <= SINK_TOLD_MAX)
		put(told, RECIPIENTS, e->recipients->s, e->recipients->len - 1);
	if (told->len - begin <= SINK_TOLD_MAX)
		return 0;
	errno = E2BIG;
	return -1;
}
