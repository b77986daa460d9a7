#include <string.h>

#include "lib/address_pattern.h"
#include "lib/control.h"
#include "lib/text.h"
#include "policy/grey_exempt.h"

/* What stands behind word and blanks in the line, or null. */
static const char *
after(const char *line, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(line, word, len) != 0 || (line[len] != ' ' && line[len] != '\t'))
		return NULL;
	return line + len + strspn(line + len, " \t");
}

/* Does the pattern of a domain fit the name of a host? */
static int
fits_name(const char *pattern, const char *name)
{
	stralloc address = {0};
	int r;

	text_cat(&address, "x@", name, (char *)NULL);
	text_terminate(&address);
	r = address_pattern_fits_domain(pattern, address.s);
	stralloc_free(&address);
	return r;
}

static int
holds(const char *line, const char *sender, const char *recipient, const char *name)
{
	const char *pattern = after(line, "from");

	if (pattern != NULL)
		return address_pattern_fits(pattern, sender);
	pattern = after(line, "to");
	if (pattern != NULL)
		return address_pattern_fits(pattern, recipient);
	pattern = after(line, "name");
	return pattern != NULL && name != NULL && fits_name(pattern, name);
}

static int
is_pool(const char *line, const char *sender)
{
	const char *pattern = after(line, "pool");

	return pattern != NULL && address_pattern_fits(pattern, sender);
}

int
grey_exempt_has(const char *sender, const char *recipient, const char *name)
{
	stralloc list = {0};
	const char *line;
	int r, found = 0, pooled = 0;

	r = control_list("greyexempt", &list);
	if (r == 1)
		for (line = list.s; !found && line < list.s + list.len;
		     line += strlen(line) + 1) {
			found = holds(line, sender, recipient, name);
			pooled |= is_pool(line, sender);
		}
	stralloc_free(&list);
	if (r == -1 || found)
		return r == -1 ? -1 : 1;
	return pooled ? GREY_EXEMPT_POOL : 0;
}
