#include <string.h>

#include <errmsg.h>

#include "admin/user_known.h"
#include "lib/address.h"
#include "lib/text.h"

#define WRONG_MAX 20 /* lines that are named; the rest is counted */

void
user_known_complain(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const char *wrong)
{
	if (files->wrong++ < WRONG_MAX)
		text_file_complain(file->name, line->number, wrong, NULL);
	else if (files->wrong == WRONG_MAX + 1)
		carp("there are more wrong lines");
}

void
user_known_complain_twice(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const struct address_place *first)
{
	static stralloc text;
	char digits[DECIMAL_MAX];

	text.len = 0;
	text_cat(&text, "the address stands already in ", first->file, ":",
	    text_decimal(digits, first->number), (char *)NULL);
	text_terminate(&text);
	user_known_complain(files, file, line, text.s);
}

/* Say that the domain of key is none of ours, once for each domain. */
static void
warn_domain(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const char *key, size_t len)
{
	static struct address_set warned;
	static stralloc domain;
	size_t at = address_domain(key, len);

	if (!files->warn || address_set_find(&files->local, key + at, len - at) != NULL ||
	    address_set_enter(&warned, key + at, len - at, file->name, line->number) !=
		NULL)
		return;
	text_setb(&domain, key + at, len - at);
	text_file_complain(file->name, line->number,
	    "warning: not in " USER_DOMAINS ", so no mail will come for ", domain.s);
}

int
user_known_enter(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const stralloc *key)
{
	const struct address_place *first =
	    address_set_enter(&files->known, key->s, key->len, file->name, line->number);

	if (first != NULL)
		user_known_complain_twice(files, file, line, first);
	else
		warn_domain(files, file, line, key->s, key->len);
	return first == NULL;
}

int
user_known_enter_alias(
    struct user_files *files, const struct text_line *line, const struct user_line *user)
{
	const struct address_place *place =
	    address_set_find(&files->known, user->key.s, user->key.len);

	if (place == NULL || place->file != files->mailboxes.name)
		return user_known_enter(files, &files->aliases, line, &user->key);
	if (user_line_target(&user->targets, user->key.s, user->key.len) ==
	    user->targets.len) {
		user_known_complain(files, &files->aliases, line,
		    "this is a mailbox too, so it must be one of its own targets, or "
		    "nothing would come into it");
		return 0;
	}
	place = address_set_enter(&files->copied, user->key.s, user->key.len,
	    files->aliases.name, line->number);
	if (place != NULL)
		user_known_complain_twice(files, &files->aliases, line, place);
	return place == NULL;
}

void
user_known_lacks_domains(struct user_files *files)
{
	struct text_line line = {0};

	if (text_file_next(&files->domains, &line))
		return;
	memset(&line, 0, sizeof line);
	if (text_file_next(&files->mailboxes, &line))
		user_known_complain(files, &files->mailboxes, &line,
		    "a mailbox, but no domain in " USER_DOMAINS
		    ", which is missing or empty");
}
