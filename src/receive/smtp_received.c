#include <string.h>

#include "lib/address.h"
#include "lib/datetime.h"
#include "lib/text.h"
#include "receive/smtp_received.h"

#define NAME_MAX_SHOWN 255

/* Append s with a '?' for each character that has a meaning in a comment. */
static void
put_harmless(stralloc *sa, const char *s)
{
	size_t i;

	for (i = 0; s[i] && i < NAME_MAX_SHOWN; i++)
		text_catb(sa,
		    s[i] > ' ' && s[i] < 127 && !strchr("()<>\\\",;", s[i]) ? s + i : "?",
		    1);
}

static void
put_ip(stralloc *sa, const char *ip)
{
	text_cat(sa, strchr(ip, ':') ? "[IPv6:" : "[", NULL);
	put_harmless(sa, ip);
	text_cat(sa, "]", NULL);
}

/* "from NAME (HOST [ADDRESS])" and the fold after it. */
static void
put_client(stralloc *sa, const struct smtp_received *r)
{
	int named = address_is_domain(r->helo, strlen(r->helo));

	text_cat(sa, "from ", named ? r->helo : "unknown", " (", NULL);
	if (!named) {
		text_cat(sa, "HELO ", NULL);
		put_harmless(sa, r->helo);
		text_cat(sa, r->host || r->ip ? " " : "", NULL);
	}
	if (r->host) {
		put_harmless(sa, r->host);
		text_cat(sa, r->ip ? " " : "", NULL);
	}
	if (r->ip)
		put_ip(sa, r->ip);
	else if (named && !r->host)
		text_cat(sa, "unknown", NULL);
	text_cat(sa, ")\n\t", NULL);
}

void
smtp_received_put(stralloc *sa, const struct smtp_received *r)
{
	char date[DATETIME_MAX];

	text_cat(sa, "Received: ", NULL);
	if (r->helo)
		put_client(sa, r);
	text_cat(sa, "by ", r->me, " with ", r->protocol, NULL);
	if (r->tls) {
		text_cat(sa, " (", NULL);
		put_harmless(sa, r->tls);
		text_cat(sa, ")", NULL);
	}
	text_cat(sa, " id ", r->id, NULL);
	if (r->recipient)
		text_cat(sa, "\n\tfor <", r->recipient, ">", NULL);
	if (r->cipher) {
		text_cat(sa, "\n\ttls ", NULL);
		put_harmless(sa, r->cipher);
	}
	text_cat(sa, "; ", datetime_rfc5322(date, r->time), "\n", NULL);
}
