#include <string.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/login_name.h"
#include "lib/text.h"

int
login_name_key(stralloc *key, const char *name)
{
	stralloc address = {0}, domain = {0};
	int r = 0;

	text_cat(&address, name, (char *)NULL);
	if (strchr(name, '@') == NULL) {
		r = control_line("defaultdomain", &domain, NULL);
		if (r != -1)
			text_cat(&address, "@", domain.s, (char *)NULL);
	}
	if (r != -1)
		address_key(key, address.s, address.len);
	stralloc_free(&address);
	stralloc_free(&domain);
	return r == -1 ? -1 : 0;
}
