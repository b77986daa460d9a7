#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <buffer.h>

#include "lib/line.h"
#include "lib/passwd_file.h"
#include "lib/text.h"

enum field { NAME, PASSWORD, UID, GID, COMMENT, FIELDS };

static int
is_login(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 127 || s[i] == '@')
			return 0;
	return len > 0;
}

int
passwd_file_line(const char *line, uid_t uid, stralloc *name, stralloc *comment)
{
	const char *fields[FIELDS];
	size_t lens[FIELDS], i;
	unsigned long long number;

	for (i = 0; i < FIELDS; i++) {
		fields[i] = line;
		lens[i] = strcspn(line, ":");
		line += lens[i];
		if (*line++ != ':')
			return 0;
	}
	if (!text_number(fields[UID], lens[UID], (uid_t)-1, &number) || number != uid ||
	    !is_login(fields[NAME], lens[NAME]))
		return 0;
	text_setb(name, fields[NAME], lens[NAME]);
	if (comment != NULL)
		text_setb(comment, fields[COMMENT], lens[COMMENT]);
	return 1;
}

int
passwd_file_find(uid_t uid, stralloc *name, stralloc *comment)
{
	char room[4096];
	buffer b;
	stralloc line = {0};
	int fd = open(PASSWD_FILE_PATH, O_RDONLY | O_CLOEXEC), r = LINE_EOF, found = 0;

	if (fd == -1)
		return -1;
	buffer_init(&b, (ssize_t(*)())read, fd, room, sizeof room);
	while (!found && ((r = line_read(&b, &line, PASSWD_FILE_LINE_MAX)) == LINE_OK ||
			     r == LINE_LONG)) {
		if (r == LINE_LONG)
			continue;
		text_terminate(&line);
		found = passwd_file_line(line.s, uid, name, comment);
	}
	stralloc_free(&line);
	close(fd);
	return found ? 1 : r == LINE_ERROR ? -1 : 0;
}
