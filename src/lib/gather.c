#include <string.h>

#include "lib/gather.h"

void
gather_add(struct gather *g, const char *s, size_t len)
{
	g->list[g->end].iov_base = (char *)s; /* which nobody writes to */
	g->list[g->end++].iov_len = len;
}

void
gather_add_netstring(struct gather *g, const char *s, size_t len)
{
	char *length = g->length[g->lengths++];

	text_decimal(length, len);
	strcat(length, ":");
	gather_add(g, length, strlen(length));
	gather_add(g, s, len);
	gather_add(g, ",", 1);
}

void
gather_took(struct gather *g, size_t len)
{
	struct iovec *v;

	for (; g->begin < g->end; g->begin++) {
		v = &g->list[g->begin];
		if (len < v->iov_len) {
			v->iov_base = (char *)v->iov_base + len;
			v->iov_len -= len;
			return;
		}
		len -= v->iov_len;
	}
}
