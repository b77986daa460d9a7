/* proxy-front: learn from the proxy before us who the client is. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "front/chain.h"
#include "front/proxy_header.h"
#include "lib/client.h"
#include "lib/deadline.h"
#include "lib/farewell.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/peek_line.h"
#include "lib/verdict.h"

#define USAGE "proxy-front [-q] [-s seconds] [-a network]... program [argument...]"
#define DEFAULT_SECONDS 10
#define SECONDS_MAX 300

static const char *trouble = FAREWELL_TROUBLE; /* null: say nothing to the client */
static unsigned seconds = DEFAULT_SECONDS;
static int is_trusted;

/* Is the address that connects to us in the network of an option? */
static void
look_at(const char *network)
{
	const char *ip = getenv("TCPREMOTEIP");
	unsigned char address[16] = {0};
	int is_address = ip != NULL && ipaddress_scan(ip, address);

	switch (ipaddress_matches(address, network)) {
	case 1:
		is_trusted |= is_address;
		break;
	case -1:
		chain_misuse(trouble, USAGE);
	}
}

/* Returns the index of the next program in argv. */
static int
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+qs:a:")) != -1)
		if (option == 'q')
			trouble = NULL;
		else if (option == 's')
			seconds = chain_number(trouble, USAGE, optarg, SECONDS_MAX);
		else if (option == 'a')
			look_at(optarg);
		else
			chain_misuse(trouble, USAGE);
	if (optind >= argc)
		chain_misuse(trouble, USAGE);
	return optind;
}

static int
is_listed(void)
{
	int r = client_is_listed("proxyclients", getenv("TCPREMOTEIP"));

	if (r == -1)
		carpsys("unable to read control/proxyclients");
	return r;
}

static void
refuse(const char *reason)
{
	log_event(NULL, "refused", "reason", reason, "proxy", getenv("TCPREMOTEIP"),
	    (char *)NULL);
	farewell_end(trouble, DEFER);
}

/* Read s up to s[len), not a byte more; it must be the beginning of a header. */
static void
read_exactly(char *s, size_t used, size_t len, int64_t until)
{
	ssize_t r;

	while (used < len) {
		if (deadline_wait(0, POLLIN, until) == -1)
			refuse("no header in time");
		r = read(0, s + used, len - used);
		if (r == -1 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (r <= 0)
			refuse("gone before the end of the header");
		used += (size_t)r;
		if (!proxy_header_version(s, used < PROXY_BEGIN ? used : PROXY_BEGIN))
			refuse("no header");
	}
}

static int
read_v1(struct proxy_header *header, char *s, int64_t until)
{
	size_t len;

	if (peek_line(0, s + PROXY_BEGIN, PROXY_V1_MAX - PROXY_BEGIN - 1, &len, until) !=
	    LINE_OK)
		return 0;
	len += PROXY_BEGIN;
	s[len++] = '\n';
	return proxy_header_parse_v1(header, s, len);
}

static int
read_v2(struct proxy_header *header, char *s, int64_t until)
{
	size_t len;

	read_exactly(s, PROXY_BEGIN, PROXY_V2_FIXED, until);
	len = proxy_header_v2_length(s);
	if (!len)
		return 0;
	read_exactly(s, PROXY_V2_FIXED, len, until);
	return proxy_header_parse_v2(header, s, len);
}

static void
read_header(struct proxy_header *header)
{
	int64_t until = deadline_now() + seconds * INT64_C(1000);
	char s[PROXY_V2_MAX];
	int sound;

	read_exactly(s, 0, PROXY_BEGIN, until);
	sound = proxy_header_version(s, PROXY_BEGIN) == 1 ? read_v1(header, s, until)
							  : read_v2(header, s, until);
	if (!sound)
		refuse("malformed header");
}

/* What was known of the proxy must not be taken for the client's. */
static void
become(const struct proxy_header *header)
{
	log_event(NULL, "proxied", "client", header->source.ip, "port",
	    header->source.port, "proxy", getenv("TCPREMOTEIP"), (char *)NULL);
	unsetenv("TCPREMOTEHOST");
	unsetenv("TCPREMOTEINFO");
	unsetenv("TCPLOCALHOST");
	if (setenv("TCPREMOTEIP", header->source.ip, 1) == -1 ||
	    setenv("TCPREMOTEPORT", header->source.port, 1) == -1 ||
	    setenv("TCPLOCALIP", header->destination.ip, 1) == -1 ||
	    setenv("TCPLOCALPORT", header->destination.port, 1) == -1)
		farewell_fail(trouble, "set", "the environment");
}

int
main(int argc, char **argv)
{
	struct proxy_header header;
	int next, r;

	errmsg_iam("proxy-front");
	next = take_options(argc, argv);
	unsetenv("PROXY_LOCAL");
	if (!is_trusted) {
		r = chain_ask_home(is_listed);
		if (r == -1)
			farewell_end(trouble, DEFER);
		is_trusted = r;
	}
	if (is_trusted) {
		unsetenv("RELAYCLIENT"); /* it was meant for the proxy */
		read_header(&header);
		if (header.source.ip[0])
			become(&header);
		else if (header.is_local && setenv("PROXY_LOCAL", "1", 1) == -1)
			farewell_fail(trouble, "set", "the environment");
	}
	chain_exec(trouble, argv + next);
}
