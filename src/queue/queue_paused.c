#include "queue/queue_paused.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/text.h"

static void
lower(char *s)
{
	for (; *s != '\0'; ++s)
		if (*s >= 'A' && *s <= 'Z')
			*s += 'a' - 'A';
}

static int
take_line(struct queue_paused *p, char *line)
{
	size_t len = strlen(line);

	lower(line);
	if (strcmp(line, "local") == 0)
		p->channels[QUEUE_LOCAL] = 1;
	else if (strcmp(line, "remote") == 0)
		p->channels[QUEUE_REMOTE] = 1;
	else if (address_is_domain(line, len))
		text_catb(&p->domains, line, len + 1);
	else
		return 0;
	return 1;
}

int
queue_paused_read(struct queue_paused *p)
{
	struct queue_paused new = {0};
	stralloc list = {0};
	int r = control_list("paused", &list);

	for (size_t i = 0; r == 1 && i < list.len; i += strlen(list.s + i) + 1)
		if (!take_line(&new, list.s + i)) {
			errno = EINVAL;
			r = -1;
		}
	stralloc_free(&list);
	if (r == -1) {
		stralloc_free(&new.domains);
		return -1;
	}
	stralloc_free(&p->domains);
	*p = new;
	return 0;
}

int
queue_paused_changed(struct queue_paused_seen *seen)
{
	struct queue_paused_seen now = {0};
	struct stat st;
	int same;

	if (stat("control/paused", &st) == 0)
		now = (struct queue_paused_seen){st.st_ino, st.st_mtim};
	same = now.ino == seen->ino && now.mtime.tv_sec == seen->mtime.tv_sec &&
	       now.mtime.tv_nsec == seen->mtime.tv_nsec;
	*seen = now;
	return !same;
}

int
queue_paused_names(const struct queue_paused *p, const char *domain)
{
	for (size_t i = 0; i < p->domains.len; i += strlen(p->domains.s + i) + 1)
		if (strcmp(p->domains.s + i, domain) == 0)
			return 1;
	return 0;
}

int
queue_paused_has(
    const struct queue_paused *p, enum queue_channel_name channel, const char *domain)
{
	return p->channels[channel] || queue_paused_names(p, domain);
}

int
queue_paused_exceeds(const struct queue_paused *a, const struct queue_paused *b)
{
	for (int i = 0; i < QUEUE_CHANNELS; ++i)
		if (a->channels[i] && !b->channels[i])
			return 1;
	for (size_t i = 0; i < a->domains.len; i += strlen(a->domains.s + i) + 1)
		if (!queue_paused_names(b, a->domains.s + i))
			return 1;
	return 0;
}
