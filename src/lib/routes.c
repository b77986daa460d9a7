#include <string.h>

#include "lib/next_hop.h"
#include "lib/pattern_line.h"
#include "lib/routes.h"

int
routes_read(struct routes *routes, const char **file)
{
	*file = "smtproutes";
	if (control_again_list(&routes->domains, *file, &routes->by_domain) == -1)
		return -1;
	*file = "senderroutes";
	return control_again_list(&routes->senders, *file, &routes->by_sender) == -1 ? -1
										     : 0;
}

/* Where the colon after the domain is; a domain may be an address in brackets. */
static const char *
colon_of(const char *domain)
{
	const char *from = *domain == '[' ? strchr(domain, ']') : domain;

	return from != NULL ? strchr(from, ':') : NULL;
}

/* The same after a sender, in whose local part, in quotes, there may be any character. */
static const char *
sender_colon_of(const char *line)
{
	const char *s = line;

	for (; *s != '\0' && *s != '@' && *s != ':'; s++)
		if (*s == '"')
			for (s++; *s != '"'; s++)
				if (*s == '\0' || (*s == '\\' && *++s == '\0'))
					return NULL;
	return *s == '@' ? colon_of(s + 1) : *s == ':' ? s : NULL;
}

/* What is found when it is this line: 1, or, when it is null, 0. */
static int
take(struct routes_line *found, const char *file, const char *line, const char *colon)
{
	if (line == NULL)
		return 0;
	found->file = file;
	found->line = line;
	found->pattern = colon != NULL ? (size_t)(colon - line) : strlen(line);
	found->hops = colon != NULL ? colon + 1 : NULL;
	return 1;
}

static int
take_domain(struct routes_line *found, const char *line)
{
	return take(found, "smtproutes", line, line != NULL ? colon_of(line) : NULL);
}

int
routes_by_domain(
    const char *list, size_t len, const char *domain, struct routes_line *found)
{
	return take_domain(
		   found, pattern_line_closest(list, len, colon_of, "", domain)) ||
	       take_domain(found, pattern_line_find(list, len, colon_of, "", 0));
}

int
routes_by_sender(
    const char *list, size_t len, const char *sender, struct routes_line *found)
{
	const char *line = pattern_line_sender(list, len, sender_colon_of, sender);

	if (line == NULL)
		line = pattern_line_find(list, len, sender_colon_of, "", 0);
	return take(
	    found, "senderroutes", line, line != NULL ? sender_colon_of(line) : NULL);
}

int
routes_find(const struct routes *routes, const char *sender, const char *domain,
    struct routes_line *found)
{
	const stralloc *lines = &routes->by_domain, *senders = &routes->by_sender;

	if (routes_by_domain(lines->s, lines->len, domain, found) && found->pattern > 0)
		return 1;
	return routes_by_sender(senders->s, senders->len, sender, found) ||
	       routes_by_domain(lines->s, lines->len, domain, found);
}

static int
has_blanks(const char *s, const char *end)
{
	return strcspn(s, " \t") < (size_t)(end - s);
}

int
routes_is_domain_line(const char *line)
{
	const char *colon = colon_of(line);

	return colon != NULL && !has_blanks(line, colon) && next_hop_are(colon + 1);
}

int
routes_is_sender_line(const char *line)
{
	const char *colon = sender_colon_of(line);

	if (colon == NULL || (*line != '"' && has_blanks(line, colon)))
		return 0;
	/* a domain without @ would never be found */
	return (colon == line || memchr(line, '@', (size_t)(colon - line)) != NULL) &&
	       next_hop_are(colon + 1);
}
