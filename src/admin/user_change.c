#include <string.h>

#include <errmsg.h>

#include "admin/user_change.h"
#include "admin/user_edit.h"
#include "lib/address.h"
#include "lib/text.h"
#include "lib/verdict.h"

void
user_change_of(struct user_change *c, const char *s)
{
	const char *wrong = user_line_key(&c->user, s, strlen(s));

	c->address = s;
	if (!wrong && strchr(s, '\n'))
		wrong = "the address is malformed";
	if (wrong)
		die(REJECT, s, ": ", wrong);
	text_terminate(&c->user.key);
}

void
user_change_line(struct user_change *c)
{
	c->text.len = 0;
	if (c->user.key.s[0] == '@' || address_is_mailbox(c->user.key.s, c->user.key.len))
		text_catb(&c->text, c->user.key.s, c->user.key.len);
	else
		text_cat(&c->text, c->address, (char *)NULL);
	text_cat(&c->text, ":", (char *)NULL);
}

void
user_change_begin(struct user_change *c)
{
	user_files_lock();
	user_files_read(&c->files);
}

void
user_change_compile(struct user_change *c)
{
	if (user_files_compile(&c->files) == -1)
		die(DEFER, "nothing is changed: correct this first");
}

void
user_change_end(struct user_change *c, struct text_file *first, struct text_file *second)
{
	struct text_file *changed[] = {first, second};

	user_files_publish(&c->files, changed, second ? 2 : 1);
}

/*
 * Nothing is to be changed, say the texts.  A run that ended between them and what is
 * compiled of them is made good when it is repeated.
 */
void
user_change_refuse(struct user_change *c, const char *why)
{
	if (user_files_compile(&c->files) == 0)
		user_files_publish(&c->files, NULL, 0);
	die(REJECT, c->user.key.s, why);
}

int
user_change_is_in(struct user_change *c, const struct text_file *file)
{
	struct text_line line;

	return user_edit_find(file, c->user.key.s, c->user.key.len, &line);
}

void
user_change_need_mailbox(struct user_change *c)
{
	if (!user_change_is_in(c, &c->files.mailboxes))
		die(REJECT, c->user.key.s,
		    user_change_is_in(c, &c->files.aliases)
			? " is an alias, not a mailbox"
			: ": there is no such mailbox");
}

void
user_change_need_domain(struct user_change *c)
{
	size_t at = address_domain(c->user.key.s, c->user.key.len);

	if (!user_edit_is_domain(
		&c->files.domains, c->user.key.s + at, c->user.key.len - at))
		die(REJECT, c->user.key.s + at,
		    " is not one of our domains (control/domains)");
}
