#include <string.h>

#include "lib/policy_wish.h"
#include "lib/text_number.h"

#define ASKS "Kasks"
#define ASKS_LEN (sizeof ASKS - 1)
#define ROOM "Kroom="
#define ROOM_LEN (sizeof ROOM - 1)

/* One that is asked always, or not known to us, is no more than a wish. */
static int
verb_of(const char *s, size_t len)
{
	static const struct verb {
		const char *name;
		int bit;
	} verbs[] = {{"helo", POLICY_WISH_HELO}, {"data", POLICY_WISH_DATA},
	    {"size", POLICY_WISH_SIZE}, {"done", POLICY_WISH_DONE}};
	size_t i;

	for (i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strlen(verbs[i].name) == len && memcmp(verbs[i].name, s, len) == 0)
			return verbs[i].bit;
	return 0;
}

int
policy_wish_take(const char *s, size_t len)
{
	const char *end = s + len, *blank;
	int verbs = 0;

	if (len < ASKS_LEN || memcmp(s, ASKS, ASKS_LEN) != 0 ||
	    (len > ASKS_LEN && s[ASKS_LEN] != ' '))
		return -1;
	for (s += ASKS_LEN; s < end; s = blank) {
		s++;
		blank = memchr(s, ' ', (size_t)(end - s));
		if (blank == NULL)
			blank = end;
		verbs |= verb_of(s, (size_t)(blank - s));
	}
	return verbs;
}

int
policy_wish_room(const char *s, size_t len, unsigned long long *room)
{
	return len > ROOM_LEN && memcmp(s, ROOM, ROOM_LEN) == 0 &&
	       text_number(s + ROOM_LEN, len - ROOM_LEN, -1ULL, room);
}
