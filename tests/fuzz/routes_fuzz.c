/* The list, after an empty line the domain or sender: the hops of a line that passes the
 * check can be taken; and the whole is a list of hops. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/next_hop.h"
#include "lib/routes.h"

static void
take_hops(const char *hops, int is_sound)
{
	struct next_hop hop;
	int r;

	if (next_hop_refusal(hops) != NULL)
		return;
	while ((r = next_hop_take(&hop, &hops)) == 1)
		if (strlen(hop.host) > NEXT_HOP_HOST_MAX || hop.port > 65535)
			abort();
	if (r == -1 && is_sound)
		abort();
}

static void
find(const char *list, size_t size, const char *key)
{
	struct routes_line found;

	if (routes_by_domain(list, size, key, &found) && found.hops != NULL)
		take_hops(found.hops, routes_is_domain_line(found.line));
	if (routes_by_sender(list, size, key, &found) && found.hops != NULL)
		take_hops(found.hops, routes_is_sender_line(found.line));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *list = malloc(len + 1), *key;

	if (list == NULL)
		return 0;
	for (size_t i = 0; i < len; i++)
		list[i] = data[i] == '\n' ? '\0' : (char)data[i];
	list[len] = '\0';
	key = memmem(list, len, "\0", 2);
	if (key != NULL)
		find(list, (size_t)(key + 1 - list), key + 2);
	take_hops(list, next_hop_are(list));
	free(list);
	return 0;
}
