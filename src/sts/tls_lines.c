#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/heap.h"
#include "lib/lower.h"
#include "lib/text.h"
#include "sts/tls_lines.h"

static const enum tls_noted_field order[] = {TLS_NOTED_DOMAIN, TLS_NOTED_TYPE,
    TLS_NOTED_POLICY, TLS_NOTED_RESULT, TLS_NOTED_HOST, TLS_NOTED_IP, TLS_NOTED_OWN_IP};
#define ORDER (sizeof(order) / sizeof(*order))

static int
compare(const void *a, const void *b)
{
	const struct tls_line *x = a, *y = b;
	int r = 0;

	for (size_t i = 0; r == 0 && i < ORDER; i++)
		r = strcmp(x->fields[order[i]], y->fields[order[i]]);
	return r;
}

static int
read_bytes(stralloc *bytes, const char *day)
{
	char path[sizeof(TLS_NOTED_FOLDER) + TLS_NOTED_DAY_MAX], block[65536];
	ssize_t r;
	int fd, saved;

	strcpy(stpcpy(path, TLS_NOTED_FOLDER "/"), day);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return -1;
	while ((r = read(fd, block, sizeof(block))) > 0 &&
	       bytes->len <= 2 * (size_t)TLS_NOTED_BYTES)
		text_catb(bytes, block, (size_t)r);
	saved = errno;
	close(fd);
	errno = r > 0 ? EFBIG : saved;
	return r == 0 ? 0 : -1;
}

int
tls_lines_read(struct tls_lines *lines, const char *day)
{
	struct tls_line line;
	char *rest, *s;

	lines->n = 0;
	lines->bytes.len = 0;
	if (read_bytes(&lines->bytes, day) == -1)
		return -1;
	text_terminate(&lines->bytes);
	rest = lines->bytes.s;
	while ((s = strsep(&rest, "\n")) != NULL) {
		if (*s == '\0')
			continue;
		/* the last one may be in the making */
		if (rest == NULL || !tls_noted_split(s, line.fields))
			continue;
		lower_string((char *)line.fields[TLS_NOTED_DOMAIN]);
		lines->list = heap_grow(lines->list, lines->n, sizeof(line));
		lines->list[lines->n++] = line;
	}
	if (lines->n > 0)
		qsort(lines->list, lines->n, sizeof(*lines->list), compare);
	return 0;
}

void
tls_lines_free(struct tls_lines *lines)
{
	stralloc_free(&lines->bytes);
	free(lines->list);
	memset(lines, 0, sizeof(*lines));
}

size_t
tls_lines_end(const struct tls_lines *lines, size_t begin, enum tls_noted_field last)
{
	size_t end, i;

	for (end = begin + 1; end < lines->n; end++)
		for (i = 0; i < ORDER; i++) {
			if (strcmp(lines->list[begin].fields[order[i]],
				lines->list[end].fields[order[i]]) != 0)
				return end;
			if (order[i] == last)
				break;
		}
	return end;
}
