#include "admin/user_close.h"
#include "lib/text.h"

void
user_close_set(struct user_change *c, const char *address, int is_to_close)
{
	struct text_line line;
	size_t at;

	user_change_of(c, address);
	user_change_begin(c);
	user_change_need_mailbox(c);
	if (!user_change_find(c, &c->files.passwords, &line))
		user_change_refuse(c, " has no password, so nobody can log in anyway");
	at = user_line_hash(line.s, line.len);
	if ((at < line.len && line.s[at] == '!') == is_to_close)
		user_change_refuse(
		    c, is_to_close ? " is closed already" : " is not closed");
	c->text.len = 0;
	text_catb(&c->text, line.s, at);
	text_cat(&c->text, is_to_close ? "!" : "", (char *)NULL);
	at += !is_to_close;
	text_catb(&c->text, line.s + at, line.len - at);
	user_change_set(c, &c->files.passwords);
	user_change_compile(c);
	user_change_end(c, &c->files.passwords, NULL);
}
