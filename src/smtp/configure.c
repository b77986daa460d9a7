#include <errno.h>
#include <string.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/stranger.h"
#include "lib/text.h"
#include "lib/variable.h"
#include "smtp/configure.h"

#define DEFAULT_TIMEOUT 300 /* seconds: RFC 5321, 4.5.3.2.7 */
#define TIMEOUT_MAX 86400
#define SESSION_MAX 604800
#define DEFAULT_RESERVE 16777216
#define DEFAULT_SESSION 7200 /* seconds */
#define DEFAULT_HEADER 1048576

/* Returns 0, or -1 after having logged why. */
static int
read_number(const char *name, unsigned long long *value, unsigned long long fallback)
{
	if (control_number(name, value, fallback) != -1)
		return 0;
	control_complain(name);
	return -1;
}

static int
read_databytes(unsigned long long *value)
{
	const char *given = variable_own("DATABYTES");

	if (given == NULL)
		return read_number("databytes", value, 0);
	if (text_number(given, strlen(given), -1ULL, value))
		return 0;
	carp("DATABYTES: not a number: ", given);
	return -1;
}

/* control/name, between 1 and max.  Returns 0, or -1 after having logged why. */
static int
read_seconds(const char *name, unsigned *value, unsigned fallback, unsigned max)
{
	unsigned long long seconds;
	char limit[DECIMAL_MAX];

	if (read_number(name, &seconds, fallback) == -1)
		return -1;
	if (!seconds || seconds > max) {
		carp("control/", name, ": not between 1 and ", text_decimal(limit, max));
		return -1;
	}
	*value = seconds;
	return 0;
}

/* How the log calls the client. */
static const char *
choose_client(void)
{
	static stralloc local;
	const char *uid = variable_own("PEERUID"), *ip = variable_own("TCPREMOTEIP");

	if (uid == NULL)
		return ip != NULL ? ip : "unknown";
	text_cat(&local, "uid-", uid, (char *)NULL);
	text_terminate(&local);
	return local.s;
}

int
configure_read(struct session *session, struct configure_times *times)
{
	if (control_line("me", &session->me, NULL) == -1) {
		carpsys("unable to read control/me");
		return -1;
	}
	if (!address_is_host(session->me.s, session->me.len)) {
		carp("control/me is missing or holds no host name");
		return -1;
	}
	if (read_seconds("timeoutsmtpd", &times->step, DEFAULT_TIMEOUT, TIMEOUT_MAX) ==
		-1 ||
	    read_seconds("timeoutsession", &times->whole, DEFAULT_SESSION, SESSION_MAX) ==
		-1 ||
	    stranger_seconds(&times->stranger) == -1 ||
	    read_number("hideclient", &session->hides_client, 0) == -1 ||
	    read_number("headermax", &session->headermax, DEFAULT_HEADER) == -1 ||
	    read_number("queuereserve", &session->queuereserve, DEFAULT_RESERVE) == -1 ||
	    read_databytes(&session->databytes) == -1)
		return -1;
	session->is_silent = variable_own("PROXY_LOCAL") != NULL;
	session->client = choose_client();
	return 0;
}
