#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "dkim/key_make.h"
#include "dkim/key_new.h"
#include "lib/text.h"

static int
has_selector(const struct key_folder *folder, const char *selector)
{
	size_t i;

	for (i = 0; i < folder->count; i++)
		if (strcmp(folder->keys[i].selector, selector) == 0)
			return 1;
	return 0;
}

/* A selector that was not used: the day, and the kind; later ones of a day are numbered.
 */
static void
choose_selector(
    const struct key_folder *folder, stralloc *selector, enum key_record_kind kind)
{
	char day[32], digits[DECIMAL_MAX];
	time_t now = time(NULL);
	unsigned n = 1;
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(day, sizeof day, "%Y%m%d", &tm);
	do {
		selector->len = 0;
		text_cat(selector, day, kind == KEY_RECORD_RSA ? "r" : "e", (char *)NULL);
		if (n > 1)
			text_cat(selector, "-", text_decimal(digits, n), (char *)NULL);
		text_terminate(selector);
		n++;
	} while (has_selector(folder, selector->s));
}

int
key_new_add(const struct key_folder *folder, enum key_record_kind kind, unsigned bits,
    enum key_folder_state state)
{
	struct private_key key;
	stralloc selector = {0};
	int r;

	choose_selector(folder, &selector, kind);
	private_key_init(&key);
	r = key_make(&key, kind, bits);
	if (r == -1)
		carpsys("unable to make a key");
	else if ((r = key_folder_add(folder->domain, selector.s, state, &key)) == -1)
		carpsys("unable to write the key ", selector.s, " of ", folder->domain);
	private_key_free(&key);
	stralloc_free(&selector);
	return r;
}
