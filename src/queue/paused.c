#include <errno.h>
#include <string.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/lower.h"
#include "lib/text.h"
#include "queue/paused.h"

static int
take_line(struct paused *p, char *line)
{
	size_t len = strlen(line);

	lower_bytes(line, len);
	if (strcmp(line, "local") == 0)
		p->channels[ROUTE_LOCAL] = 1;
	else if (strcmp(line, "remote") == 0)
		p->channels[ROUTE_REMOTE] = 1;
	else if (address_is_domain(line, len))
		text_catb(&p->domains, line, len + 1);
	else
		return 0;
	return 1;
}

int
paused_read(struct paused *p)
{
	struct paused new = {0};
	stralloc list = {0};
	int r = control_list("paused", &list);

	for (size_t i = 0; r == 1 && i < list.len; i += strlen(list.s + i) + 1)
		if (!take_line(&new, list.s + i)) {
			errno = EINVAL;
			r = -1;
		}
	stralloc_free(&list);
	if (r == -1) {
		stralloc_free(&new.domains);
		return -1;
	}
	stralloc_free(&p->domains);
	*p = new;
	return 0;
}

int
paused_names(const struct paused *p, const char *domain)
{
	for (size_t i = 0; i < p->domains.len; i += strlen(p->domains.s + i) + 1)
		if (strcmp(p->domains.s + i, domain) == 0)
			return 1;
	return 0;
}

int
paused_has(const struct paused *p, enum route_channel channel, const char *domain)
{
	return p->channels[channel] || paused_names(p, domain);
}

int
paused_exceeds(const struct paused *a, const struct paused *b)
{
	for (int i = 0; i < ROUTE_CHANNELS; ++i)
		if (a->channels[i] && !b->channels[i])
			return 1;
	for (size_t i = 0; i < a->domains.len; i += strlen(a->domains.s + i) + 1)
		if (!paused_names(b, a->domains.s + i))
			return 1;
	return 0;
}
