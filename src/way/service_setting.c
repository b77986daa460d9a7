#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"
#include "way/service_setting.h"

size_t
service_setting_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t r;

	if (fd == -1)
		return 0;
	r = read(fd, buf, size - 1);
	close(fd);
	buf[r > 0 ? r : 0] = '\0';
	buf[strcspn(buf, "\r\n \t")] = '\0';
	return strlen(buf);
}

unsigned long long
service_setting_number(
    const char *path, unsigned long long max, unsigned long long fallback)
{
	unsigned long long n = fallback;
	char line[32];
	size_t len = service_setting_read(path, line, sizeof(line));

	text_number(line, len, max, &n);
	return n;
}
