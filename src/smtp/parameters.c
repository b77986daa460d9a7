#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/smtp_path.h"
#include "lib/text.h"
#include "lib/xtext.h"
#include "smtp/orcpt.h"
#include "smtp/parameters.h"
#include "smtp/reply.h"

#define AUTH_MAX (3 * ADDRESS_MAX) /* each character as +XX */
#define SIZE_DIGITS_MAX 20         /* RFC 1870, 3 */

static int
value_is(const struct smtp_path_parameter *p, const char *word)
{
	return p->value_len == strlen(word) &&
	       strncasecmp(p->value, word, p->value_len) == 0;
}

/* Which of two words is the value?  Null when neither is, or when *found is set already.
 */
static const char *
choose(const struct smtp_path_parameter *p, const char *found, const char *one,
    const char *two)
{
	if (found != NULL)
		return NULL;
	if (value_is(p, one))
		return one;
	return value_is(p, two) ? two : NULL;
}

static int
is_decimal(const struct smtp_path_parameter *p)
{
	size_t i;

	for (i = 0; i < p->value_len && p->value[i] >= '0' && p->value[i] <= '9'; i++)
		;
	return i > 0 && i == p->value_len;
}

static int
read_size(struct parameters_mail *m, const struct smtp_path_parameter *p)
{
	if (m->has_size++ || p->value_len > SIZE_DIGITS_MAX || !is_decimal(p))
		return 0;
	/* Twenty digits may be more than we can count: too large, but not malformed. */
	if (!text_number(p->value, p->value_len, -1ULL, &m->size))
		m->size = -1ULL;
	return 1;
}

/* Keep the value, of at most max bytes, once. */
static int
keep(const char **value, size_t *len, const struct smtp_path_parameter *p, size_t max)
{
	if (*value != NULL || p->value == NULL || p->value_len > max)
		return 0;
	*value = p->value;
	*len = p->value_len;
	return 1;
}

static int
read_envid(struct parameters_mail *m, const struct smtp_path_parameter *p)
{
	return keep(&m->envid, &m->envid_len, p, PARAMETERS_ENVID_MAX) &&
	       xtext_is_printable(p->value, p->value_len);
}

/* Who is said to have submitted the message: <> or an address (RFC 4954, 5). */
static int
read_auth(struct parameters_mail *m, const struct smtp_path_parameter *p)
{
	char who[AUTH_MAX];
	ssize_t len;

	if (!keep(&m->auth, &m->auth_len, p, sizeof who) ||
	    !xtext_is_printable(p->value, p->value_len))
		return 0;
	len = xtext_decode(who, p->value, p->value_len);
	if (len == -1)
		return 0;
	if ((len == 2 && memcmp(who, "<>", 2) == 0) ||
	    address_is_mailbox(who, (size_t)len))
		return 1;
	/* a name without a domain, or with brackets: nobody that we know */
	m->has_odd_auth = 1;
	m->auth = "<>";
	m->auth_len = 2;
	return 1;
}

/* A parameter without a value, once. */
static int
read_flag(int *flag, const struct smtp_path_parameter *p)
{
	return !(*flag)++ && p->value == NULL;
}

const char *
parameters_mail_read(struct parameters_mail *m, const char *s, size_t len, int is_secure)
{
	struct smtp_path_parameter p;
	size_t at = 0;
	int r, sound = 1;

	memset(m, 0, sizeof *m);
	while (sound && (r = smtp_path_parameter_next(s, len, &at, &p)) == 1) {
		if (smtp_path_parameter_is(&p, "SIZE"))
			sound = read_size(m, &p);
		else if (smtp_path_parameter_is(&p, "BODY"))
			sound =
			    (m->body = choose(&p, m->body, "7BIT", "8BITMIME")) != NULL;
		else if (smtp_path_parameter_is(&p, "SMTPUTF8"))
			sound = read_flag(&m->is_utf8, &p);
		else if (smtp_path_parameter_is(&p, "RET"))
			sound = (m->ret = choose(&p, m->ret, "FULL", "HDRS")) != NULL;
		else if (smtp_path_parameter_is(&p, "ENVID"))
			sound = read_envid(m, &p);
		else if (smtp_path_parameter_is(&p, "AUTH"))
			sound = read_auth(m, &p);
		else if (smtp_path_parameter_is(&p, "REQUIRETLS") && is_secure)
			sound = read_flag(&m->requires_tls, &p);
		else
			return REPLY_PARAMETER_UNKNOWN;
	}
	return sound && r == 0 ? NULL : REPLY_PARAMETER_SYNTAX;
}

/* NEVER, or a list of the others, each once: RFC 3461, 4.1 */
static int
read_notify(struct parameters_rcpt *r, const struct smtp_path_parameter *p)
{
	static const char *const words[] = {"SUCCESS", "FAILURE", "DELAY"};
	const char *s = p->value, *end, *comma;
	unsigned i, seen = 0;
	size_t n;

	if (r->notify[0] || s == NULL)
		return 0;
	end = s + p->value_len;
	if (value_is(p, "NEVER")) {
		strcpy(r->notify, "NEVER");
		return 1;
	}
	for (;; s = comma + 1) {
		comma = memchr(s, ',', end - s);
		n = comma != NULL ? comma - s : end - s;
		for (i = 0; i < 3; i++)
			if (strlen(words[i]) == n && strncasecmp(words[i], s, n) == 0)
				break;
		if (i == 3 || seen & 1u << i)
			return 0;
		seen |= 1u << i;
		if (r->notify[0])
			strcat(r->notify, ",");
		strcat(r->notify, words[i]);
		if (comma == NULL)
			return 1;
	}
}

static int
read_orcpt(struct parameters_rcpt *r, const struct smtp_path_parameter *p, int is_utf8)
{
	return keep(&r->orcpt, &r->orcpt_len, p, PARAMETERS_ORCPT_MAX) &&
	       orcpt_is_sound(p->value, p->value_len, is_utf8);
}

const char *
parameters_rcpt_read(
    struct parameters_rcpt *parameters, const char *s, size_t len, int is_utf8)
{
	struct smtp_path_parameter p;
	size_t at = 0;
	int r, sound = 1;

	memset(parameters, 0, sizeof *parameters);
	while (sound && (r = smtp_path_parameter_next(s, len, &at, &p)) == 1) {
		if (smtp_path_parameter_is(&p, "NOTIFY"))
			sound = read_notify(parameters, &p);
		else if (smtp_path_parameter_is(&p, "ORCPT"))
			sound = read_orcpt(parameters, &p, is_utf8);
		else
			return REPLY_PARAMETER_UNKNOWN;
	}
	return sound && r == 0 ? NULL : REPLY_PARAMETER_SYNTAX;
}

void
parameters_drop_success(struct parameters_rcpt *r)
{
	static const char success[] = "SUCCESS";
	char *at = strstr(r->notify, success);
	size_t len = sizeof success - 1;

	if (at == NULL)
		return;
	if (at[len] == ',')
		len++;
	else if (at > r->notify) {
		at--;
		len++;
	}
	memmove(at, at + len, strlen(at + len) + 1);
	if (!r->notify[0])
		strcpy(r->notify, "NEVER");
}
