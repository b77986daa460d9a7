#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/resolver_trust.h"
#include "lib/text.h"
#include "way/way_trust.h"

#define SECONDS 3
#define DAY 86400
#define LIST_MAX 1000

/* In a folder of another's nothing is remembered, nor is there where none is. */
static int
is_ours(void)
{
	struct stat st;

	return lstat("state/send", &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid();
}

/*
 * What was found out about these resolvers: 1 or 0, whether they validate, or -1 when
 * nothing was; *is_fresh: no more than a day ago.
 */
static int
recall(const stralloc *names, int *is_fresh)
{
	char buf[LIST_MAX + 2] = "";
	struct stat st;
	ssize_t r = -1;
	int fd = open(WAY_TRUST_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*is_fresh = 0;
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0)
		r = read(fd, buf, sizeof(buf));
	close(fd);
	if (r < 1 || (size_t)r != names->len + 1 ||
	    memcmp(buf + 1, names->s, names->len) != 0)
		return -1;
	*is_fresh = time(NULL) < st.st_mtime + DAY;
	return buf[0] == '1';
}

static void
remember(const stralloc *names, int validates)
{
	char buf[LIST_MAX + 2];
	int fd;

	buf[0] = (char)('0' + validates);
	memcpy(buf + 1, names->s, names->len);
	fd = open(
	    WAY_TRUST_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return;
	/* what is cut is nothing that is known */
	if (write(fd, buf, names->len + 1) == -1)
		unlink(WAY_TRUST_FILE);
	close(fd);
}

static void
cat_names(stralloc *names, const char *list, size_t len)
{
	const char *line;

	for (line = list; line < list + len; line += strlen(line) + 1)
		text_cat(names, line == list ? "" : " ", line, (char *)NULL);
	if (len == 0)
		text_cat(names, "/etc/resolv.conf", (char *)NULL);
	if (names->len > LIST_MAX)
		names->len = LIST_MAX;
	text_terminate(names);
}

void
way_trust_look(struct resolver *r, const char *list, size_t len)
{
	static int is_known; /* a cache: one question for each process */
	stralloc names = {0};
	int was, is, is_fresh;

	if (is_known || !r->is_local || !is_ours())
		return;
	is_known = 1;
	cat_names(&names, list, len);
	was = recall(&names, &is_fresh);
	is = is_fresh ? -1 : resolver_trust_validates(r, SECONDS);
	if (is == 0 && was != 0)
		log_event(NULL, "unvalidating", "resolvers", names.s, "reason",
		    "they do not say that the root is signed: no DANE", (char *)NULL);
	if (is != -1)
		remember(&names, is);
	stralloc_free(&names);
}
