#include <string.h>

#include "lib/next_hop.h"
#include "lib/routes.h"
#include "lib/text.h"
#include "policy/relay_refusal.h"

#define TEXT_MAX 400 /* with what comes before it, it is to fit into a reply */

static void
answer(stralloc *out, const char *text)
{
	char status[NEXT_HOP_STATUS_MAX];

	text = next_hop_refusal_text(text, status);
	text_cat(out, "D550 ", status, " ", (char *)NULL);
	text_cat_printable(out, text, strlen(text), TEXT_MAX);
}

int
relay_refusal_find(
    const char *sender, const char *domain, size_t len, stralloc *out, const char **file)
{
	static struct routes routes; /* a cache, for many are asked */
	struct routes_line found;
	stralloc name = {0};
	const char *text = NULL;
	int r = routes_read(&routes, file);

	if (r == 0) {
		text_setb(&name, domain, len);
		text_terminate(&name);
		if (routes_find(&routes, sender, name.s, &found) && found.hops != NULL)
			text = next_hop_refusal(found.hops);
		if (text != NULL)
			answer(out, text);
		r = text != NULL;
	}
	stralloc_free(&name);
	return r;
}
