#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/control.h"
#include "lib/smtppasswords.h"
#include "lib/text.h"

#define PORT_MAX 65535
#define INSECURE " insecure"
#define TOKEN "token:"

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT: 1, or 0 when it is malformed. */
static int
parse_host(struct smtppassword *p, const char *s, size_t len)
{
	const char *end = s + len, *stop;
	unsigned long long port;

	if (len > 0 && *s == '[') {
		s++;
		stop = memchr(s, ']', (size_t)(end - s));
		if (stop == NULL || (stop + 1 < end && stop[1] != ':'))
			return 0;
	} else {
		stop = memchr(s, ':', len);
		if (stop == NULL)
			stop = end;
	}
	if (stop == s || !text_copy(p->host, sizeof(p->host), s, (size_t)(stop - s)))
		return 0;
	if (stop < end && *stop == ']')
		stop++;
	p->port = 0;
	if (stop == end)
		return 1;
	stop++;
	if (!text_number(stop, (size_t)(end - stop), PORT_MAX, &port) || port == 0)
		return 0;
	p->port = (unsigned)port;
	return 1;
}

/* The word at *s; *s moves past it and the blanks behind it. */
static const char *
take_word(const char **s, size_t *len)
{
	const char *word = *s;

	while (**s != '\0' && !is_blank(**s))
		++*s;
	*len = (size_t)(*s - word);
	while (is_blank(**s))
		++*s;
	return word;
}

static size_t
cut_insecure(struct smtppassword *p, const char *s)
{
	size_t len = strlen(s), n = strlen(INSECURE);

	while (len > 0 && is_blank(s[len - 1]))
		len--;
	p->is_insecure = len > n && memcmp(s + len - n, INSECURE, n) == 0;
	if (p->is_insecure)
		len -= n;
	while (len > 0 && is_blank(s[len - 1]))
		len--;
	return len;
}

int
smtppasswords_parse(struct smtppassword *p, const char *line)
{
	const char *word;
	size_t n;

	while (is_blank(*line))
		line++;
	word = take_word(&line, &n);
	if (!parse_host(p, word, n))
		return 0;
	word = take_word(&line, &n);
	if (n == 0)
		return 0;
	text_setb(&p->user, word, n);
	n = cut_insecure(p, line);
	p->is_token = strncmp(line, TOKEN, strlen(TOKEN)) == 0;
	if (p->is_token) {
		line += strlen(TOKEN);
		n -= strlen(TOKEN);
	}
	text_setb(&p->secret, line, n);
	return n > 0;
}

const char *
smtppasswords_wrong(const struct stat *st, uid_t uid, gid_t gid)
{
	mode_t mode = st->st_mode & 07777;

	if (!S_ISREG(st->st_mode))
		return "is no file";
	if (st->st_uid != 0 && st->st_uid != uid)
		return "belongs to another user than root and that of mx-send";
	if (mode != 0400 && mode != 0600 && mode != 0640)
		return "has another mode than 0400, 0600 and 0640";
	if (mode == 0640 && st->st_gid != gid)
		return "may be read by another group than that of mx-send";
	return NULL;
}

/* Does the line begin with the host, and with the port (0: with none)? */
static int
is_for(struct smtppassword *p, const char *line, const char *host, unsigned port)
{
	size_t n;

	while (is_blank(*line))
		line++;
	n = strcspn(line, " \t");
	return parse_host(p, line, n) && strcasecmp(p->host, host) == 0 &&
	       p->port == port;
}

static const char *
line_for(struct smtppassword *p, const stralloc *list, const char *host, unsigned port)
{
	size_t i;

	for (i = 0; i < list->len; i += strlen(list->s + i) + 1)
		if (is_for(p, list->s + i, host, port))
			return list->s + i;
	return NULL;
}

static int
find(struct smtppassword *p, const char *host, unsigned port, stralloc *list,
    const char **wrong)
{
	const char *line;

	if (control_list("smtppasswords", list) == -1) {
		*wrong = "unable to read control/smtppasswords";
		return -1;
	}
	line = line_for(p, list, host, port);
	if (line == NULL && port != 0)
		line = line_for(p, list, host, 0);
	if (line == NULL)
		return 0;
	if (smtppasswords_parse(p, line))
		return 1;
	*wrong = "the line of control/smtppasswords for this host is malformed";
	return -1;
}

int
smtppasswords_find(
    struct smtppassword *p, const char *host, unsigned port, const char **wrong)
{
	stralloc list = {0};
	struct stat st;
	int r;

	if (stat(SMTPPASSWORDS_FILE, &st) == -1) {
		if (errno == ENOENT)
			return 0;
		*wrong = "unable to read control/smtppasswords";
		return -1;
	}
	if (smtppasswords_wrong(&st, geteuid(), getegid()) != NULL) {
		*wrong =
		    "control/smtppasswords has the wrong owner or mode: see mail-compile";
		return -1;
	}
	r = find(p, host, port, &list, wrong);
	text_wipe(&list);
	stralloc_free(&list);
	return r;
}

void
smtppasswords_forget(struct smtppassword *p)
{
	text_wipe(&p->secret);
	stralloc_free(&p->secret);
	stralloc_free(&p->user);
}
