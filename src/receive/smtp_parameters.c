#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/text.h"
#include "lib/xtext.h"
#include "receive/smtp_orcpt.h"
#include "receive/smtp_parameters.h"
#include "receive/smtp_path.h"
#include "receive/smtp_reply.h"

#define AUTH_MAX (3 * ADDRESS_MAX) /* each character as +XX */
#define SIZE_DIGITS_MAX 20         /* RFC 1870, 3 */

static int
value_is(const struct smtp_parameter *p, const char *word)
{
	return p->value_len == strlen(word) && !strncasecmp(p->value, word, p->value_len);
}

/* Which of two words is the value?  Null when neither is, or when *found is set already.
 */
static const char *
choose(
    const struct smtp_parameter *p, const char *found, const char *one, const char *two)
{
	if (found)
		return NULL;
	if (value_is(p, one))
		return one;
	return value_is(p, two) ? two : NULL;
}

static int
is_decimal(const struct smtp_parameter *p)
{
	size_t i;

	for (i = 0; i < p->value_len && p->value[i] >= '0' && p->value[i] <= '9'; i++)
		;
	return i > 0 && i == p->value_len;
}

static int
read_size(struct smtp_mail_parameters *m, const struct smtp_parameter *p)
{
	if (m->has_size++ || p->value_len > SIZE_DIGITS_MAX || !is_decimal(p))
		return 0;
	/* Twenty digits may be more than we can count: too large, but not malformed. */
	if (!text_number(p->value, p->value_len, -1ULL, &m->size))
		m->size = -1ULL;
	return 1;
}

static int
read_envid(struct smtp_mail_parameters *m, const struct smtp_parameter *p)
{
	if (m->envid || !p->value || p->value_len > SMTP_ENVID_MAX ||
	    !xtext_is_printable(p->value, p->value_len))
		return 0;
	m->envid = p->value;
	m->envid_len = p->value_len;
	return 1;
}

/* Who is said to have submitted the message: <> or an address (RFC 4954, 5). */
static int
read_auth(struct smtp_mail_parameters *m, const struct smtp_parameter *p)
{
	char who[AUTH_MAX];
	ssize_t len;

	if (m->auth || !p->value || p->value_len > sizeof who ||
	    !xtext_is_printable(p->value, p->value_len))
		return 0;
	len = xtext_decode(who, p->value, p->value_len);
	if (len == -1 || ((len != 2 || memcmp(who, "<>", 2) != 0) &&
			     !address_is_mailbox(who, (size_t)len)))
		return 0;
	m->auth = p->value;
	m->auth_len = p->value_len;
	return 1;
}

/* A parameter without a value, once. */
static int
read_flag(int *flag, const struct smtp_parameter *p)
{
	return !(*flag)++ && !p->value;
}

const char *
smtp_mail_parameters_read(
    struct smtp_mail_parameters *m, const char *s, size_t len, int is_secure)
{
	struct smtp_parameter p;
	size_t at = 0;
	int r, sound = 1;

	memset(m, 0, sizeof *m);
	while (sound && (r = smtp_parameter_next(s, len, &at, &p)) == 1) {
		if (smtp_parameter_is(&p, "SIZE"))
			sound = read_size(m, &p);
		else if (smtp_parameter_is(&p, "BODY"))
			sound = !!(m->body = choose(&p, m->body, "7BIT", "8BITMIME"));
		else if (smtp_parameter_is(&p, "SMTPUTF8"))
			sound = read_flag(&m->is_utf8, &p);
		else if (smtp_parameter_is(&p, "RET"))
			sound = !!(m->ret = choose(&p, m->ret, "FULL", "HDRS"));
		else if (smtp_parameter_is(&p, "ENVID"))
			sound = read_envid(m, &p);
		else if (smtp_parameter_is(&p, "AUTH"))
			sound = read_auth(m, &p);
		else if (smtp_parameter_is(&p, "REQUIRETLS") && is_secure)
			sound = read_flag(&m->requires_tls, &p);
		else
			return REPLY_PARAMETER_UNKNOWN;
	}
	return sound && r == 0 ? NULL : REPLY_PARAMETER_SYNTAX;
}

/* NEVER, or a list of the others, each once: RFC 3461, 4.1 */
static int
read_notify(struct smtp_rcpt_parameters *r, const struct smtp_parameter *p)
{
	static const char *const words[] = {"SUCCESS", "FAILURE", "DELAY"};
	const char *s = p->value, *end, *comma;
	unsigned i, seen = 0;
	size_t n;

	if (r->notify[0] || !s)
		return 0;
	end = s + p->value_len;
	if (value_is(p, "NEVER")) {
		strcpy(r->notify, "NEVER");
		return 1;
	}
	for (;; s = comma + 1) {
		comma = memchr(s, ',', end - s);
		n = comma ? comma - s : end - s;
		for (i = 0; i < 3; i++)
			if (strlen(words[i]) == n && !strncasecmp(words[i], s, n))
				break;
		if (i == 3 || seen & 1u << i)
			return 0;
		seen |= 1u << i;
		if (r->notify[0])
			strcat(r->notify, ",");
		strcat(r->notify, words[i]);
		if (!comma)
			return 1;
	}
}

static int
read_orcpt(struct smtp_rcpt_parameters *r, const struct smtp_parameter *p, int is_utf8)
{
	if (r->orcpt || !p->value || p->value_len > SMTP_ORCPT_MAX ||
	    !smtp_orcpt_is_sound(p->value, p->value_len, is_utf8))
		return 0;
	r->orcpt = p->value;
	r->orcpt_len = p->value_len;
	return 1;
}

const char *
smtp_rcpt_parameters_read(
    struct smtp_rcpt_parameters *parameters, const char *s, size_t len, int is_utf8)
{
	struct smtp_parameter p;
	size_t at = 0;
	int r, sound = 1;

	memset(parameters, 0, sizeof *parameters);
	while (sound && (r = smtp_parameter_next(s, len, &at, &p)) == 1) {
		if (smtp_parameter_is(&p, "NOTIFY"))
			sound = read_notify(parameters, &p);
		else if (smtp_parameter_is(&p, "ORCPT"))
			sound = read_orcpt(parameters, &p, is_utf8);
		else
			return REPLY_PARAMETER_UNKNOWN;
	}
	return sound && r == 0 ? NULL : REPLY_PARAMETER_SYNTAX;
}
