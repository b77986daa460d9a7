#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "admin/user_files.h"
#include "admin/user_line.h"
#include "admin/user_list.h"
#include "lib/address.h"
#include "lib/durable.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "lib/verdict.h"

struct rows {
	stralloc text;     /* each ended by \0 */
	size_t *starts;    /* of each in text */
	const char **rows; /* the same, to be sorted */
	size_t count;
};

static void
begin_row(struct rows *rows, const struct user_line *user, const char *kind)
{
	rows->starts = heap_grow(rows->starts, rows->count, sizeof *rows->starts);
	rows->starts[rows->count++] = rows->text.len;
	text_catb(&rows->text, user->key.s, user->key.len);
	text_cat(&rows->text, "\t", kind, "\t", (char *)NULL);
}

static void
put_mailbox(struct rows *rows, const struct user_line *user)
{
	char digits[DECIMAL_MAX];

	begin_row(rows, user, "mailbox");
	text_cat(&rows->text, text_decimal(digits, user->uid), ":", (char *)NULL);
	text_cat(&rows->text, text_decimal(digits, user->gid), "\t", (char *)NULL);
	text_cat(&rows->text,
	    user->has_quota ? text_decimal(digits, user->quota) : "default", "\n",
	    (char *)NULL);
	text_catb(&rows->text, "", 1);
}

static void
put_alias(struct rows *rows, const struct user_line *user)
{
	size_t i;

	begin_row(rows, user, "alias");
	for (i = 0; i < user->targets.len; i += strlen(user->targets.s + i) + 1)
		text_cat(
		    &rows->text, i > 0 ? ", " : "", user->targets.s + i, (char *)NULL);
	text_catb(&rows->text, "\n", 2);
}

/* Is domain (null: any) that of the key? */
static int
is_of(const stralloc *key, const char *domain)
{
	size_t at = address_domain(key->s, key->len);

	return domain == NULL ||
	       (key->len - at == strlen(domain) &&
		   strncasecmp(key->s + at, domain, key->len - at) == 0);
}

static void
collect(struct rows *rows, const char *name, const char *domain,
    const char *(*parse)(struct user_line *, const char *, size_t),
    void (*put)(struct rows *, const struct user_line *))
{
	static struct text_file file;
	static struct user_line user;
	struct text_line line = {0};
	const char *wrong;

	if (text_file_read(&file, name) == -1)
		diesys(DEFER, "unable to read ", name);
	while (text_file_next(&file, &line)) {
		wrong = parse(&user, line.s, line.len);
		if (wrong != NULL)
			text_file_complain(name, line.number, wrong, NULL);
		else if (is_of(&user.key, domain))
			put(rows, &user);
	}
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

unsigned long
user_list(const char *domain)
{
	struct rows rows = {0};
	stralloc sorted = {0};
	size_t i;

	collect(&rows, USER_MAILBOXES, domain, user_line_mailbox, put_mailbox);
	collect(&rows, USER_ALIASES, domain, user_line_alias, put_alias);
	rows.rows = heap_make(rows.count + 1, sizeof *rows.rows);
	for (i = 0; i < rows.count; i++)
		rows.rows[i] = rows.text.s + rows.starts[i];
	if (rows.count > 0)
		qsort(rows.rows, rows.count, sizeof *rows.rows, compare);
	/* Not by libowfat's buffer: its buffer_flush returns 0 for a write that failed.
	 */
	for (i = 0; i < rows.count; i++)
		text_cat(&sorted, rows.rows[i], (char *)NULL);
	if (durable_write(1, sorted.s, sorted.len) == -1)
		diesys(DEFER, "unable to write the list");
	free(rows.rows);
	return rows.count;
}
