#include <string.h>

#include "finding/supply_order.h"

static const struct {
	char letter;
	enum supply_kind kind;
} kinds[] = {{'M', SUPPLY_MESSAGE}, {'X', SUPPLY_WANTED}, {'F', SUPPLY_FILED}};

int
supply_order_parse(struct supply_order *o, const char *text, size_t len)
{
	size_t i = 0, count = sizeof kinds / sizeof *kinds;

	if (len == 1 && *text == 'K')
		return 0;
	while (i < count && (len == 0 || kinds[i].letter != *text))
		++i;
	if (i == count)
		return -1;
	*o = (struct supply_order){.kind = kinds[i].kind, .fd = -1};
	o->again = o->kind == SUPPLY_MESSAGE && text[len - 1] == '+';
	if (len - o->again != 1 + QUEUEID_LEN)
		return -1;
	memcpy(o->id, text + 1, QUEUEID_LEN);
	return queueid_is(o->id) ? 1 : -1;
}
