#include <string.h>

#include "lib/address.h"
#include "lib/reporter.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/visible.h"

int
reporter_scan(struct reporter *reporter, const char *s, size_t len)
{
	const char *open = memchr(s, '<', len);

	*reporter = (struct reporter){.name = s, .name_len = len};
	if (open != NULL) {
		if (s[len - 1] != '>')
			return 0;
		reporter->name_len = (size_t)(open - s);
		reporter->address = open + 1;
		reporter->address_len = len - reporter->name_len - 2;
		if (!address_is_mailbox(reporter->address, reporter->address_len))
			return 0;
	}
	while (reporter->name_len > 0 &&
	       (s[reporter->name_len - 1] == ' ' || s[reporter->name_len - 1] == '\t'))
		reporter->name_len--;
	return reporter->name_len > 0 && visible_are(s, reporter->name_len);
}

void
reporter_put_from(stralloc *message, const char *name, const char *address)
{
	text_cat(message, "From: ", (char *)NULL);
	if (utf8_is_ascii(name, strlen(name))) {
		text_cat(message, "\"", (char *)NULL);
		for (; *name != '\0'; name++) {
			if (*name == '"' || *name == '\\')
				text_cat(message, "\\", (char *)NULL);
			text_catb(message, name, 1);
		}
		text_cat(message, "\" ", (char *)NULL);
	}
	text_cat(message, "<", address, ">\n", (char *)NULL);
}
