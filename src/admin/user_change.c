#include <string.h>

#include <errmsg.h>

#include "admin/user_change.h"
#include "lib/address.h"
#include "lib/text.h"
#include "lib/verdict.h"

void
user_change_of(struct user_change *c, const char *s)
{
	const char *wrong = user_line_key(&c->user, s, strlen(s));

	c->address = s;
	if (wrong == NULL && strchr(s, '\n') != NULL)
		wrong = "the address is malformed";
	if (wrong != NULL)
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

	user_files_publish(&c->files, changed, second != NULL ? 2 : 1);
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
user_change_find(
    struct user_change *c, const struct text_file *file, struct text_line *line)
{
	static struct user_line user;

	memset(line, 0, sizeof *line);
	while (text_file_next(file, line))
		if (user_line_key(&user, line->s, line->len) == NULL &&
		    user.key.len == c->user.key.len &&
		    memcmp(user.key.s, c->user.key.s, user.key.len) == 0)
			return 1;
	return 0;
}

int
user_change_is_in(struct user_change *c, const struct text_file *file)
{
	struct text_line line;

	return user_change_find(c, file, &line);
}

int
user_change_read(struct user_change *c, const struct text_file *file,
    const char *(*parse)(struct user_line *, const char *, size_t),
    struct user_line *user)
{
	struct text_line line;
	const char *wrong;

	if (!user_change_find(c, file, &line))
		return 0;
	wrong = parse(user, line.s, line.len);
	if (wrong == NULL)
		return 1;
	text_file_complain(file->name, line.number, wrong, NULL);
	die(DEFER, "nothing is changed: correct this first");
}

void
user_change_set(struct user_change *c, struct text_file *file)
{
	struct text_line line;

	if (user_change_find(c, file, &line)) {
		text_cat(&c->text, "\n", (char *)NULL);
		text_file_splice(file, line.start, line.end, c->text.s, c->text.len);
	} else {
		text_file_append(file, c->text.s, c->text.len);
	}
}

int
user_change_drop(struct user_change *c, struct text_file *file)
{
	struct text_line line;

	if (!user_change_find(c, file, &line))
		return 0;
	text_file_splice(file, line.start, line.end, "", 0);
	return 1;
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

	if (address_set_find(&c->files.local, c->user.key.s + at, c->user.key.len - at) ==
	    NULL)
		die(REJECT, c->user.key.s + at,
		    " is not one of our domains (control/domains)");
}
