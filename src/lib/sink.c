#include <errno.h>
#include <string.h>

#include "lib/sink.h"
#include "lib/sink_told.h"
#include "lib/variable.h"

#define SERVICE "unix:"
#define SERVICE_LEN (sizeof SERVICE - 1)
#define FILTER "filter:"
#define FILTER_LEN (sizeof FILTER - 1)

int
sink_is_filter(const char *const *argv)
{
	return strncmp(argv[0], FILTER, FILTER_LEN) == 0;
}

int
sink_is_service(const char *const *argv)
{
	return strncmp(argv[0], SERVICE, SERVICE_LEN) == 0 || sink_is_filter(argv);
}

static int
is_last_link(const char *const *argv)
{
	if (argv[1] == NULL)
		return 1;
	errno = EINVAL;
	return 0;
}

int
sink_start_told(struct sink *sink, const char *const *argv, const stralloc *told)
{
	if (!is_last_link(argv))
		return -1;
	sink->last_len = 0;
	/* it takes one message a connection */
	sink->own = (struct queue_client)QUEUE_CLIENT_CLOSED;
	sink->client = &sink->own;
	queue_client_open_later(sink->client, argv[0] + FILTER_LEN);
	queue_client_begin(sink->client, variable_own("QUEUEID"));
	queue_client_tell(sink->client, told->s, told->len);
	return 0;
}

static int
start_filter(struct sink *sink, const char *const *argv)
{
	stralloc told = {0};
	int r = sink_told_put(&told);

	if (r == 0)
		r = sink_start_told(sink, argv, &told);
	stralloc_free(&told);
	return r;
}

const char *
sink_service_path(const char *const *argv)
{
	return sink_is_service(argv) && !sink_is_filter(argv) ? argv[0] + SERVICE_LEN
							      : NULL;
}

static int
start_service(struct sink *sink, const char *const *argv)
{
	if (!is_last_link(argv) ||
	    (!sink->client->is_open &&
		queue_client_open(sink->client, sink_service_path(argv)) == -1))
		return -1;
	queue_client_begin(sink->client, variable_own("QUEUEID"));
	return 0;
}

int
sink_start(struct sink *sink, const char *const *argv)
{
	sink->own = (struct queue_client)QUEUE_CLIENT_CLOSED;
	return sink_start_kept(sink, argv, &sink->own);
}

int
sink_start_kept(struct sink *sink, const char *const *argv, struct queue_client *kept)
{
	if (sink_is_filter(argv))
		return start_filter(sink, argv);
	sink->last_len = 0;
	sink->client = sink_is_service(argv) ? kept : NULL;
	return sink->client != NULL ? start_service(sink, argv)
				    : sink_program_start(&sink->program, argv);
}

int
sink_write(struct sink *sink, const char *s, size_t len, unsigned seconds)
{
	return sink->client != NULL ? queue_client_write(sink->client, s, len, seconds)
				    : sink_program_write(&sink->program, s, len, seconds);
}

void
sink_last(struct sink *sink, const char *s, size_t len)
{
	sink->last = s;
	sink->last_len = len;
}

static void
leave_service(struct sink *sink)
{
	if (sink->client == &sink->own)
		queue_client_free(sink->client);
}

int
sink_finish(struct sink *sink, const char *envelope, size_t len, stralloc *report,
    unsigned seconds)
{
	const struct sink_program_end end = {sink->last, sink->last_len, envelope, len};
	int verdict;

	if (sink->client == NULL)
		return sink_program_finish(&sink->program, &end, report, seconds);
	queue_client_last(sink->client, sink->last, sink->last_len);
	verdict = queue_client_end(sink->client, envelope, len, report, seconds);
	leave_service(sink);
	return verdict;
}

void
sink_abort(struct sink *sink)
{
	if (sink->client == NULL) {
		sink_program_abort(&sink->program);
		return;
	}
	queue_client_abort(sink->client);
	leave_service(sink);
}
