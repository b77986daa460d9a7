#include <string.h>

#include "lib/address.h"
#include "lib/datetime.h"
#include "lib/received.h"
#include "lib/text.h"

#define NAME_MAX_SHOWN 255

/* Append s with a '?' for each character that has a meaning in a comment. */
static void
put_harmless(stralloc *sa, const char *s)
{
	size_t i;

	for (i = 0; i < NAME_MAX_SHOWN && s[i] != '\0'; i++)
		text_catb(sa,
		    s[i] > ' ' && s[i] < 127 && strchr("()<>\\\",;", s[i]) == NULL ? s + i
										   : "?",
		    1);
}

static void
put_ip(stralloc *sa, const char *ip)
{
	text_cat(sa, strchr(ip, ':') != NULL ? "[IPv6:" : "[", (char *)NULL);
	put_harmless(sa, ip);
	text_cat(sa, "]", (char *)NULL);
}

/* "from NAME (HOST [ADDRESS])" and the fold after it. */
static void
put_client(stralloc *sa, const struct received *r)
{
	int named = address_is_domain(r->helo, strlen(r->helo));

	text_cat(sa, "from ", named ? r->helo : "unknown", " (", (char *)NULL);
	if (!named) {
		text_cat(sa, "HELO ", (char *)NULL);
		put_harmless(sa, r->helo);
		text_cat(sa, r->host != NULL || r->ip != NULL ? " " : "", (char *)NULL);
	}
	if (r->host != NULL) {
		put_harmless(sa, r->host);
		text_cat(sa, r->ip != NULL ? " " : "", (char *)NULL);
	}
	if (r->ip != NULL)
		put_ip(sa, r->ip);
	else if (named && r->host == NULL)
		text_cat(sa, "unknown", (char *)NULL);
	text_cat(sa, ")\n\t", (char *)NULL);
}

void
received_put(stralloc *sa, const struct received *r)
{
	char date[DATETIME_MAX];

	text_cat(sa, "Received: ", (char *)NULL);
	if (r->helo != NULL)
		put_client(sa, r);
	text_cat(sa, "by ", r->me, (char *)NULL);
	if (r->user != NULL) {
		text_cat(sa, " (from user ", (char *)NULL);
		put_harmless(sa, r->user);
		text_cat(sa, ", uid ", (char *)NULL);
		put_harmless(sa, r->uid);
		text_cat(sa, ")", (char *)NULL);
	}
	text_cat(sa, " with ", r->protocol, (char *)NULL);
	if (r->tls != NULL) {
		text_cat(sa, " (", (char *)NULL);
		put_harmless(sa, r->tls);
		text_cat(sa, ")", (char *)NULL);
	}
	text_cat(sa, " id ", r->id, (char *)NULL);
	if (r->recipient != NULL)
		text_cat(sa, "\n\tfor <", r->recipient, ">", (char *)NULL);
	if (r->cipher != NULL) {
		text_cat(sa, "\n\ttls ", (char *)NULL);
		put_harmless(sa, r->cipher);
	}
	text_cat(sa, "; ", datetime_rfc5322(date, r->time), "\n", (char *)NULL);
}
