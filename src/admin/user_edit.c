#include <string.h>

#include "admin/user_edit.h"
#include "admin/user_line.h"
#include "lib/text.h"

int
user_edit_find(
    const struct text_file *file, const char *s, size_t len, struct text_line *line)
{
	static struct user_line user;

	memset(line, 0, sizeof *line);
	while (text_file_next(file, line))
		if (!user_line_key(&user, line->s, line->len) && user.key.len == len &&
		    memcmp(user.key.s, s, len) == 0)
			return 1;
	return 0;
}

void
user_edit_set(
    struct text_file *file, const char *s, size_t len, const char *text, size_t size)
{
	static stralloc full;
	struct text_line line;

	if (user_edit_find(file, s, len, &line)) {
		full.len = 0;
		text_catb(&full, text, size);
		text_catb(&full, "\n", 1);
		text_file_splice(file, line.start, line.end, full.s, full.len);
	} else
		text_file_append(file, text, size);
}

int
user_edit_drop(struct text_file *file, const char *s, size_t len)
{
	struct text_line line;

	if (!user_edit_find(file, s, len, &line))
		return 0;
	text_file_splice(file, line.start, line.end, "", 0);
	return 1;
}

int
user_edit_is_domain(const struct text_file *file, const char *s, size_t len)
{
	struct text_line line = {0};

	while (text_file_next(file, &line)) {
		if (line.s[line.len - 1] == '.')
			line.len--;
		if (line.len == len && strncasecmp(line.s, s, len) == 0)
			return 1;
	}
	return 0;
}
