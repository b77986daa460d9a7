/* Whatever ORCPT and NOTIFY hold, what comes of them is printable. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stralloc.h>

#include "lib/notify.h"
#include "lib/utf8.h"
#include "report/bounce_orcpt.h"

static void
check(const struct bounce_orcpt *o)
{
	const stralloc *sa = &o->address;

	if (strlen(sa->s) != sa->len || strlen(o->type.s) != o->type.len)
		abort();
	if (o->is_utf8 ? !utf8_is_sound(sa->s, sa->len) : !utf8_is_ascii(sa->s, sa->len))
		abort();
	for (size_t i = 0; i < sa->len; ++i)
		if ((sa->s[i] >= 0 && sa->s[i] < ' ') || sa->s[i] == 127)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bounce_orcpt o = {0};
	char *s = malloc(len + 1);
	int all;

	memcpy(s, data, len);
	s[len] = '\0';
	if (bounce_orcpt_parse(&o, s))
		check(&o);
	bounce_orcpt_free(&o);
	all = notify_wants(s, "SUCCESS") && notify_wants(s, "FAILURE") &&
	      notify_wants(s, "DELAY");
	if (all && len < strlen("SUCCESS,FAILURE,DELAY"))
		abort();
	free(s);
	return 0;
}
