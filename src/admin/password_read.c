#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "admin/password_read.h"
#include "lib/verdict.h"

/* The length of the line on descriptor 0, read to line[0..size); size when it is longer.
 */
static size_t
read_line(char *line, size_t size)
{
	const char *newline;
	size_t len = 0;
	ssize_t r;

	do {
		r = read(0, line + len, size - len);
		if (r == -1 && errno != EINTR)
			diesys(DEFER, "unable to read the password");
		len += r > 0 ? r : 0;
		newline = memchr(line, '\n', len);
	} while (r != 0 && len < size && newline == NULL);
	return newline != NULL ? (size_t)(newline - line) : len;
}

void
password_read(char password[PASSWORD_MAX + 1])
{
	const char *typed;
	size_t len, i;

	if (isatty(0)) {
		typed = getpass("password: ");
		if (typed == NULL)
			diesys(DEFER, "unable to read the password");
		len = strnlen(typed, PASSWORD_MAX + 1);
		memcpy(password, typed, len);
	} else
		len = read_line(password, PASSWORD_MAX + 1);
	if (len == 0)
		die(REJECT, "the password is empty");
	if (len > PASSWORD_MAX)
		die(REJECT, "the password is longer than 255 bytes");
	for (i = 0; i < len; i++)
		if ((unsigned char)password[i] < ' ' || password[i] == 127)
			die(REJECT, "the password has a control character in it");
	password[len] = '\0';
}
