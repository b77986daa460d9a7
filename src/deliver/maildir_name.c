#include <string.h>

#include "deliver/maildir_name.h"
#include "lib/queueid.h"
#include "lib/text.h"

/* Of a host's name: a file's 255 bytes must hold the sizes and a reader's flags, too. */
#define HOST_MAX 128

/* The host without what means something in a name, as the Maildir specification says. */
static void
put_host(stralloc *name, const char *host)
{
	const char *end = host + strnlen(host, HOST_MAX);

	for (; host < end; host++)
		if (*host == '/')
			text_cat(name, "\\057", (char *)NULL);
		else if (*host == ':')
			text_cat(name, "\\072", (char *)NULL);
		else if (*host == ',')
			text_cat(name, "\\054", (char *)NULL);
		else
			text_cat_printable(name, host, 1, 1);
}

void
maildir_name(stralloc *name, const char *id, const char *recipient, const char *host)
{
	static const char hex[] = "0123456789abcdef";
	char seconds[DECIMAL_MAX];
	uint64_t hash;
	int shift;

	text_decimal(seconds, (unsigned long long)queueid_time(id) / 1000000);
	name->len = 0;
	text_cat(name, seconds, ".", id, (char *)NULL);
	if (recipient != NULL) {
		hash = queueid_hash(recipient, 0);
		text_cat(name, "r", (char *)NULL);
		for (shift = 28; shift >= 0; shift -= 4)
			text_catb(name, &hex[hash >> shift & 15], 1);
	}
	text_cat(name, ".", (char *)NULL);
	put_host(name, host);
	text_terminate(name);
}
