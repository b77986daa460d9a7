#include "admin/user_postmaster.h"

#include "lib/address.h"
#include "lib/text.h"

/* Is the address postmaster@domain known, or the catch-all of domain? */
static int
is_known(const struct user_files *files, const char *s, size_t len)
{
	static stralloc address, key;
	size_t at;

	address.len = 0;
	text_cat(&address, "postmaster@", (char *)NULL);
	at = address.len - 1;
	text_catb(&address, s, len);
	address_key(&key, address.s, address.len);
	return address_set_find(&files->known, key.s, key.len) ||
	       address_set_find(&files->known, key.s + at, key.len - at);
}

void
user_postmaster_check(struct user_files *files)
{
	struct text_line line = {0};
	static stralloc domain;

	while (text_file_next(&files->domains, &line)) {
		if (is_known(files, line.s, line.len))
			continue;
		domain.len = 0;
		text_catb(&domain, line.s, line.len);
		text_terminate(&domain);
		text_file_complain(files->domains.name, line.number,
		    "warning: mail for postmaster must be taken: no alias or mailbox "
		    "postmaster@",
		    domain.s);
	}
}
