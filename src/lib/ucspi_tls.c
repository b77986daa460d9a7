#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/text_number.h"
#include "lib/tls_answer.h"
#include "lib/ucspi_tls.h"
#include "lib/variable.h"

#define CONTROL "SSLCTLFD"
#define READ "SSLREADFD"
#define WRITE "SSLWRITEFD"
#define ELSEWHERE "STARTTLSFD"
#define START "Y" /* and tell us about the connection */

/* The descriptor that the variable names, or -1. */
static int
descriptor(const char *name)
{
	const char *s = variable_own(name);
	unsigned long long fd;

	return s != NULL && text_number(s, strlen(s), INT_MAX, &fd) ? (int)fd : -1;
}

int
ucspi_tls_offered(void)
{
	if (descriptor(ELSEWHERE) != -1)
		return 1;
	return descriptor(CONTROL) != -1 && descriptor(READ) != -1 &&
	       descriptor(WRITE) != -1;
}

/* Read VARIABLE=VALUE\0 up to an empty one, byte by byte, for few there are. */
static int
read_variables(int fd, unsigned seconds)
{
	int64_t at = deadline_now() + seconds * INT64_C(1000);
	char record[TLS_ANSWER_MAX];
	size_t len = 0;

	while (deadline_now() < at) {
		if (deadline_read(fd, record + len, 1, seconds) != 1)
			return -1;
		if (record[len] != '\0') {
			len += len < sizeof(record) - 1;
			continue;
		}
		if (len == 0)
			return 0;
		/* a certificate may be longer than anybody here wants to know */
		if (len < sizeof(record) - 1)
			tls_answer_set(record);
		len = 0;
	}
	return -1;
}

static int
replace(int from, int to)
{
	if (from == to)
		return 0;
	if (dup2(from, to) == -1)
		return -1;
	close(from);
	return 0;
}

int
ucspi_tls_begin(const char *reply, unsigned seconds, const char **reason)
{
	int elsewhere = descriptor(ELSEWHERE), control = descriptor(CONTROL);
	int in = descriptor(READ), out = descriptor(WRITE), r;

	*reason = "unable to write to the client";
	if (reply != NULL && deadline_write_all(elsewhere != -1 ? elsewhere : 1, reply,
				 strlen(reply), seconds) == -1)
		return -1;
	unsetenv(ELSEWHERE);
	unsetenv(CONTROL);
	unsetenv(READ);
	unsetenv(WRITE);
	if (elsewhere != -1)
		return close(elsewhere);
	*reason = "no handshake by UCSPI-TLS";
	r = deadline_write_all(control, START, sizeof(START) - 1, seconds);
	if (r == 0)
		r = read_variables(control, seconds);
	close(control);
	if (r == -1)
		return -1;
	*reason = "unable to use the clear text";
	return replace(in, 0) == -1 || replace(out, 1) == -1 ? -1 : 0;
}
