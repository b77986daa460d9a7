#include <string.h>

#include <errmsg.h>

#include "admin/user_line.h"
#include "admin/user_quota.h"
#include "lib/control_unit.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define QUOTA_MAX 9223372036854775807ULL

void
user_quota_set(struct user_change *c, int argc, char **argv)
{
	const char *address = argv[1], *bytes = argv[2];
	static struct user_line old;
	unsigned long long quota;
	char digits[DECIMAL_MAX];

	(void)argc;
	user_change_of(c, address);
	if (strcmp(bytes, "default") != 0 && !control_unit_scan(CONTROL_UNIT_BYTES, bytes,
						 strlen(bytes), QUOTA_MAX, &quota))
		die(REJECT, bytes, ": not a number of bytes, nor \"default\"");
	user_change_begin(c);
	user_change_need_mailbox(c);
	user_change_read(c, &c->files.mailboxes, user_line_mailbox, &old);
	user_change_line(c);
	text_cat(&c->text, text_decimal(digits, old.uid), ":", (char *)NULL);
	text_cat(&c->text, text_decimal(digits, old.gid), ":", (char *)NULL);
	if (strcmp(bytes, "default") != 0)
		text_cat(&c->text, text_decimal(digits, quota), (char *)NULL);
	user_change_set(c, &c->files.mailboxes);
	user_change_compile(c);
	user_change_end(c, &c->files.mailboxes, NULL);
}
