#include <string.h>

#include "origin/kept.h"

int
kept_has_room(const struct kept *kept, size_t len)
{
	return !kept->is_spooling && len <= KEPT_MEMORY - kept->len;
}

int
kept_put_above(struct kept *kept, const char *s, size_t len)
{
	if (len > KEPT_ABOVE || kept->above > 0)
		return -1;
	memcpy(kept->s + KEPT_ABOVE - len, s, len);
	kept->above = len;
	return 0;
}

const char *
kept_memory(const struct kept *kept, size_t *len)
{
	*len = kept->above + kept->len;
	return kept->s + KEPT_ABOVE - kept->above;
}

int
kept_put(struct kept *kept, const char *s, size_t len)
{
	if (kept_has_room(kept, len)) {
		memcpy(kept->s + KEPT_ABOVE + kept->len, s, len);
		kept->len += len;
		return 0;
	}
	if (!kept->is_spooling) {
		if (spool_begin(&kept->spool) == -1)
			return -1;
		kept->is_spooling = 1;
	}
	spool_put(&kept->spool, s, len);
	return 0;
}

static int
pass_spool(struct kept *kept, int (*pass)(void *to, const char *s, size_t len), void *to)
{
	static char block[SPOOL_BLOCK];
	off_t at = 0;
	ssize_t r;
	int result = 0;

	if (spool_end(&kept->spool) == -1)
		return -1;
	while (
	    result == 0 && (r = spool_read(&kept->spool, block, sizeof block, at)) != 0) {
		if (r == -1)
			return -1;
		at += r;
		result = pass(to, block, (size_t)r);
	}
	return result;
}

int
kept_pass(struct kept *kept, int (*pass)(void *to, const char *s, size_t len), void *to)
{
	size_t len;
	const char *s = kept_memory(kept, &len);
	int r = len > 0 ? pass(to, s, len) : 0;

	kept->above = kept->len = 0;
	if (!kept->is_spooling)
		return r;
	if (r == 0)
		r = pass_spool(kept, pass, to);
	spool_close(&kept->spool);
	kept->is_spooling = 0;
	return r;
}

void
kept_clear(struct kept *kept)
{
	if (kept->is_spooling)
		spool_close(&kept->spool);
	kept->is_spooling = 0;
	kept->above = kept->len = 0;
}
