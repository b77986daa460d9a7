#include <string.h>

#include "lib/mailbox_owner.h"
#include "lib/text_number.h"

#define ID_MAX 4294967294ULL /* uid_t and gid_t without -1 */

size_t
mailbox_owner_scan(const char *s, size_t len, uid_t *uid, gid_t *gid)
{
	const char *end = s + len, *colon = memchr(s, ':', len), *next;
	unsigned long long u, g;

	if (colon == NULL || !text_number(s, (size_t)(colon - s), ID_MAX, &u))
		return 0;
	next = memchr(colon + 1, ':', (size_t)(end - colon - 1));
	if (next == NULL)
		next = end;
	if (!text_number(colon + 1, (size_t)(next - colon - 1), ID_MAX, &g))
		return 0;
	*uid = (uid_t)u;
	*gid = (gid_t)g;
	return (size_t)(next - s);
}
