#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/text_number.h"
#include "sts/sts_log.h"
#include "sts/sts_settings.h"

/* The beginning of control/name, a C string: its bytes, or -1 with errno. */
static ssize_t
read_file(const char *name, char *s, size_t max)
{
	char path[NAME_MAX + sizeof("control/")];
	ssize_t r;
	int fd;

	strcpy(stpcpy(path, "control/"), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	r = read(fd, s, max - 1);
	close(fd);
	s[r > 0 ? r : 0] = '\0';
	return r;
}

static void
cut_blanks(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
		len--;
	line[len] = '\0';
}

int
sts_settings_line(const char *name, char line[STS_SETTINGS_LINE_MAX])
{
	line[0] = '\0';
	if (read_file(name, line, STS_SETTINGS_LINE_MAX) == -1)
		return errno == ENOENT ? 0 : -1;
	line[strcspn(line, "\n")] = '\0';
	cut_blanks(line);
	return line[0] != '\0';
}

unsigned
sts_settings_number(const char *name, unsigned fallback, unsigned most)
{
	char line[STS_SETTINGS_LINE_MAX];
	unsigned long long n;
	int r = sts_settings_line(name, line);

	if (r == 1 && text_number(line, strlen(line), most, &n) && n > 0)
		return (unsigned)n;
	if (r != 0)
		sts_log("fault", "what", "not a number", "object", name, (char *)NULL);
	return fallback;
}

int
sts_settings_list(const char *name, char *list, size_t max)
{
	char file[4096], *line, *rest = file, *end = list;

	list[0] = '\0';
	if (read_file(name, file, sizeof(file)) == -1)
		return errno == ENOENT ? 0 : -1;
	while ((line = strsep(&rest, "\n")) != NULL) {
		cut_blanks(line);
		if (line[0] == '\0' || line[0] == '#')
			continue;
		if (strlen(line) + 2 > max - (size_t)(end - list)) {
			errno = ERANGE;
			return -1;
		}
		end = stpcpy(stpcpy(end, end > list ? "," : ""), line);
	}
	return list[0] != '\0';
}
