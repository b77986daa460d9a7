#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "send/reach.h"
#include "send/socket_address.h"

#define UNIX_IP "unix" /* stands where others have an address */

static int
is_path(const struct target *target)
{
	return target->port == 0;
}

int
reach_has_more(const struct reach_host *host)
{
	size_t n = is_path(host->target) ? 1 : host->target->n;

	for (size_t i = 0; i < n; i++)
		if (!host->is_used[i])
			return 1;
	return 0;
}

/* A path is its own address. */
static void
cat_server(stralloc *sa, const char *address, unsigned port)
{
	char number[DECIMAL_MAX];

	text_cat(sa, address, " ", text_decimal(number, port), (char *)NULL);
	text_catb(sa, "", 1);
}

void
reach_note(struct reach_asked *asked, const struct remote_session *s, unsigned port)
{
	cat_server(&asked->list, port > 0 ? s->ip : s->host, port);
}

static int
has(const struct reach_asked *asked, const char *address, unsigned port)
{
	const stralloc *list = &asked->list;
	stralloc server = {0};
	int found = 0;

	cat_server(&server, address, port);
	for (size_t i = 0; i < list->len && !found; i += strlen(list->s + i) + 1)
		found = strcmp(list->s + i, server.s) == 0;
	stralloc_free(&server);
	return found;
}

void
reach_leave_out(struct reach_host *host, const struct reach_asked *asked)
{
	const struct target *target = host->target;
	char text[IPADDRESS_TEXT_MAX];

	if (is_path(target))
		host->is_used[0] = has(asked, target->host, 0);
	for (size_t i = 0; i < target->n; i++)
		if (has(asked, ipaddress_text(text, target->ip[i]), target->port))
			host->is_used[i] = 1;
}

/* Has a connection failed for a reason that costs time to find out? */
static int
is_dead(int error)
{
	return error == ETIMEDOUT || error == EHOSTUNREACH;
}

/* A machine without IPv6 finds that out at no cost. */
static int
costs_nothing(int error)
{
	return error == ENETUNREACH || error == EAFNOSUPPORT;
}

static void
tell(const struct remote_session *s, const struct target *target, const char *ip,
    struct outcome *o, struct outcome *fault)
{
	log_event(s->id, "unreachable", "host", target->host, "ip", ip, "text", o->text.s,
	    (char *)NULL);
	outcome_merge(fault, o);
	outcome_free(o);
}

static void
tell_error(const struct remote_session *s, const struct target *target, const char *ip,
    int error, struct outcome *fault)
{
	char number[DECIMAL_MAX];
	struct outcome o = {0};

	outcome_set(&o, 'Z', "4.4.1", "unable to connect to ", target->host, "[", ip, "]",
	    is_path(target) ? "" : " port ",
	    is_path(target) ? "" : text_decimal(number, target->port), ": ",
	    strerror(error), (char *)NULL);
	tell(s, target, ip, &o, fault);
}

static void
tell_own(const struct remote_session *s, const struct reach_host *host, size_t i,
    int error, struct outcome *fault)
{
	char ip[IPADDRESS_TEXT_MAX], own[IPADDRESS_TEXT_MAX];
	struct outcome o = {0};

	ipaddress_text(ip, host->target->ip[i]);
	outcome_set(&o, 'Z', "4.3.5", "unable to connect to ", host->target->host, "[",
	    ip, "] from ",
	    ipaddress_text(
		own, strchr(ip, ':') == NULL ? host->source->ip4 : host->source->ip6),
	    ", our address by control/bindaddresses: ", strerror(error), (char *)NULL);
	tell(s, host->target, ip, &o, fault);
}

static int
connect_path(struct reach_host *host, struct remote_session *s, struct outcome *fault)
{
	const char *path = host->target->host;
	unsigned seconds =
	    host->seconds < UNIX_CONNECT_SECONDS ? host->seconds : UNIX_CONNECT_SECONDS;
	int fd = unix_connect(path, seconds);

	host->is_used[0] = 1;
	if (fd == -1 || fcntl(fd, F_SETFL, O_NONBLOCK) == -1) {
		tell_error(s, host->target, UNIX_IP, errno, fault);
		if (fd != -1)
			close(fd);
		host->failed++;
		return -1;
	}
	host->last = 0;
	remote_session_take(s, path, UNIX_IP, fd);
	return 0;
}

/* Which addresses may have their turn now, as indices: how many. */
static size_t
choose(struct reach *reach, struct reach_host *host, int again, unsigned most,
    size_t which[RACE_MAX], struct outcome *fault)
{
	const struct target *target = host->target;
	char ip[IPADDRESS_TEXT_MAX];
	struct outcome o = {0};
	size_t n = 0;

	for (size_t i = 0; i < target->n && n < most && n < RACE_MAX; i++) {
		if (again ? i != host->last : host->is_used[i])
			continue;
		if (!dead_hosts_has(&reach->dead, target->ip[i], deadline_now())) {
			which[n++] = i;
			continue;
		}
		host->is_used[i] = 1;
		host->failed++;
		outcome_set(&o, 'Z', "4.4.1", target->host, "[",
		    ipaddress_text(ip, target->ip[i]), "] was not reachable a moment ago",
		    (char *)NULL);
		outcome_merge(fault, &o);
		outcome_free(&o);
	}
	return n;
}

/* What became of the addresses that did not win. */
static void
take_failures(struct reach *reach, struct reach_host *host, struct remote_session *s,
    const struct race *race, const size_t *which, struct outcome *fault)
{
	char ip[IPADDRESS_TEXT_MAX];

	for (size_t i = 0; i < race->n; i++) {
		int error = race->error[i];

		if (error == 0)
			continue;
		host->is_used[which[i]] = 1;
		if (!costs_nothing(error))
			host->failed++;
		if (race->is_ours[i])
			tell_own(s, host, which[i], error, fault);
		else
			tell_error(s, host->target, ipaddress_text(ip, race->ip[i]),
			    error, fault);
		if (is_dead(error) && !race->is_ours[i])
			dead_hosts_add(&reach->dead, race->ip[i], deadline_now());
	}
}

int
reach_connect(struct reach *reach, struct reach_host *host, struct remote_session *s,
    int again, unsigned most, struct outcome *fault)
{
	const struct target *target = host->target;
	unsigned char ip[RACE_MAX][16];
	char text[IPADDRESS_TEXT_MAX];
	size_t which[RACE_MAX];
	struct race race = {.ip = (const unsigned char(*)[16])ip,
	    .port = target->port,
	    .source = host->source,
	    .seconds = host->seconds};
	int fd;

	if (is_path(target))
		return connect_path(host, s, fault);
	race.n = choose(reach, host, again, most, which, fault);
	for (size_t i = 0; i < race.n; i++)
		memcpy(ip[i], target->ip[which[i]], 16);
	fd = race_run(&race, &reach->race);
	take_failures(reach, host, s, &race, which, fault);
	if (fd == -1)
		return -1;
	host->last = which[race.winner];
	host->is_used[host->last] = 1;
	remote_session_take(s, target->host, ipaddress_text(text, ip[race.winner]), fd);
	return 0;
}

int
reach_own_address(const struct remote_session *s, unsigned char ip[16])
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	return getsockname(s->transport.fd, (struct sockaddr *)&ss, &len) == 0 &&
	       socket_address_take(ip, &ss);
}
