#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/xtext.h"
#include "submit/submit_parameters.h"

#define ENVID_MAX 100 /* RFC 3461, 5.4 */

int
submit_parameters_need_utf8(const stralloc *sender, const stralloc *recipients)
{
	return !utf8_is_ascii(sender->s, sender->len) ||
	       !utf8_is_ascii(recipients->s, recipients->len);
}

/* Is it never, or a list of the other words, each once: RFC 3461, 4.1? */
static int
is_notify(const char *s)
{
	static const char *const words[] = {"success", "failure", "delay"};
	unsigned seen = 0;
	size_t len, i;

	if (strcasecmp(s, "never") == 0)
		return 1;
	do {
		len = strcspn(s, ",");
		for (i = 0; i < sizeof words / sizeof *words; i++)
			if (len == strlen(words[i]) && strncasecmp(words[i], s, len) == 0)
				break;
		if (i == sizeof words / sizeof *words || (seen & 1U << i))
			return 0;
		seen |= 1U << i;
		s += len;
	} while (*s++ == ',');
	return 1;
}

/* Does it make an xtext of printable characters that SMTP takes: RFC 3461, 4.4 and 5.4?
 */
static int
is_envid(const char *s)
{
	stralloc xtext = {0};
	int is_short;

	xtext_cat(&xtext, s, strlen(s));
	is_short = xtext.len > 0 && xtext.len <= ENVID_MAX;
	stralloc_free(&xtext);
	for (; *s >= ' ' && *s <= '~'; s++)
		;
	return is_short && *s == '\0';
}

static int
is_one_of(const char *s, const char *a, const char *b)
{
	return strcasecmp(s, a) == 0 || strcasecmp(s, b) == 0;
}

const char *
submit_parameters_put(
    stralloc *mail, stralloc *rcpt, const struct submit_options *options, int is_utf8)
{
	if (options->body != NULL && !is_one_of(options->body, "7BIT", "8BITMIME"))
		return options->body;
	if (options->ret != NULL && !is_one_of(options->ret, "FULL", "HDRS"))
		return options->ret;
	if (options->notify != NULL && !is_notify(options->notify))
		return options->notify;
	if (options->envid != NULL && !is_envid(options->envid))
		return options->envid;

	text_cat(mail, " BODY=", options->body != NULL ? options->body : "8BITMIME",
	    is_utf8 ? " SMTPUTF8" : "", (char *)NULL);
	if (options->ret != NULL)
		text_cat(mail, " RET=", options->ret, (char *)NULL);
	if (options->envid != NULL) {
		text_cat(mail, " ENVID=", (char *)NULL);
		xtext_cat(mail, options->envid, strlen(options->envid));
	}
	if (options->notify != NULL)
		text_cat(rcpt, " NOTIFY=", options->notify, (char *)NULL);
	text_terminate(mail);
	text_terminate(rcpt);
	return NULL;
}
