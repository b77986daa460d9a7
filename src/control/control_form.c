#include <string.h>

#include "control/control_form.h"
#include "lib/bind_address.h"
#include "lib/dnsbl.h"
#include "lib/helo_host.h"
#include "lib/rate_limits.h"
#include "lib/rate_line.h"
#include "lib/reporter.h"
#include "lib/routes.h"
#include "lib/selector.h"
#include "lib/smtppasswords.h"
#include "lib/text.h"
#include "lib/tls_policy.h"

#define LINE_MAX_CHECKED 4096
#define ROUTE_FORMS                                                                      \
	" HOST, HOST:PORT, mx!DOMAIN, smtps://HOST[:PORT], lmtp://HOST:PORT, "           \
	"lmtp:///PATH, or fail TEXT"

/* Null if takes, the parser of whoever reads the file, takes s[0..len); else wrong. */
static const char *
judge(const char *s, size_t len, int (*takes)(char *line), const char *wrong)
{
	char line[LINE_MAX_CHECKED];
	int is_taken = text_copy(line, sizeof line, s, len) && takes(line);

	explicit_bzero(line, sizeof line); /* it may be a password */
	return is_taken ? NULL : wrong;
}

static int
takes_route(char *line)
{
	return routes_is_domain_line(line);
}

const char *
control_form_route(const char *s, size_t len)
{
	return judge(s, len, takes_route,
	    "not DOMAIN:, and behind it, with blanks between," ROUTE_FORMS);
}

static int
takes_sender_route(char *line)
{
	return routes_is_sender_line(line);
}

const char *
control_form_sender_route(const char *s, size_t len)
{
	return judge(s, len, takes_sender_route,
	    "not ADDRESS: or @DOMAIN:, and behind it, with blanks "
	    "between," ROUTE_FORMS);
}

static int
takes_helo(char *line)
{
	return helo_host_line(line);
}

const char *
control_form_helo(const char *s, size_t len)
{
	return judge(
	    s, len, takes_helo, "not a domain, nor an address of ours and a domain");
}

static int
takes_bind(char *line)
{
	struct bind_address b;

	return bind_address_parse(&b, line);
}

const char *
control_form_bind(const char *s, size_t len)
{
	return judge(s, len, takes_bind,
	    "not PATTERN ADDRESS, or PATTERN and an address of IPv4 and of IPv6");
}

static int
takes_password(char *line)
{
	static struct smtppassword password;
	int is_sound = smtppasswords_parse(&password, line);

	smtppasswords_forget(&password);
	return is_sound;
}

const char *
control_form_password(const char *s, size_t len)
{
	return judge(
	    s, len, takes_password, "not HOST[:PORT] USER PASSWORD, or token:FILE");
}

static int
takes_rate(char *line)
{
	struct rate_line rate;

	return rate_line_parse(&rate, line);
}

const char *
control_form_rate(const char *s, size_t len)
{
	return judge(s, len, takes_rate, "not DOMAIN RATE, mx:HOST RATE or * RATE");
}

static int
takes_limit(char *line)
{
	return rate_limits_is_line(line);
}

const char *
control_form_limit(const char *s, size_t len)
{
	return judge(
	    s, len, takes_limit, "not of the form WHO MESSAGES RECIPIENTS FAILED");
}

static int
takes_dnsbl(char *line)
{
	struct dnsbl list;

	return dnsbl_scan(&list, line);
}

const char *
control_form_dnsbl(const char *s, size_t len)
{
	return judge(s, len, takes_dnsbl,
	    "not of the form ZONE, ZONE:SCORE or ZONE:SCORE:NETWORK,NETWORK..., "
	    "ZONE with or without =NAME");
}

const char *
control_form_hold(const char *s, size_t len)
{
	struct selector selector = {0};
	char line[LINE_MAX_CHECKED];

	return text_copy(line, sizeof line, s, len) ? selector_take_rule(&selector, line)
						    : "too long for a rule";
}

const char *
control_form_tls_policy(const char *s, size_t len)
{
	struct tls_policy policy;
	char line[LINE_MAX_CHECKED];

	return text_copy(line, sizeof line, s, len) ? tls_policy_parse(&policy, line)
						    : "too long";
}

const char *
control_form_organisation(const char *s, size_t len)
{
	struct reporter reporter;

	return reporter_scan(&reporter, s, len)
		   ? NULL
		   : "not of the form ORGANISATION or ORGANISATION <ADDRESS>";
}
