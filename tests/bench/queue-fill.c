/*
 * queue-fill: write messages right into a queue, as fast as the disk takes them.
 *
 * queue-fill [-b buckets] [-d destinations] [-s bytes] [-w seconds] later messages
 * queue-fill -r recipient [-s bytes] new messages
 *
 * Makes files as queue(5) describes them, each with one recipient.  They have one attempt
 * in their journal and stand in folders of the folder later: the first is due in -w
 * seconds, the others 64 seconds after each other.  With -r they are new and stand in the
 * folder itself.  Nothing is synced.  Run it as the user of the queue.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define GRAIN 64 /* seconds between buckets */
#define HEADER 64
#define ID_LEN 24
#define TIME_DIGITS 11
#define ENVELOPE_MAX 256
#define AGE 3600 /* seconds since the messages came */

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
static uint64_t state = 88172645463325252u;
/* As far as the default schedule looks ahead: what is due later is taken to be due now.
 */
static long buckets = 200, wait_first = 1200;
static long destinations = 10000, size = 1024, messages;
static const char *recipient; /* of new messages */
static char *file;

static void
fail(const char *what)
{
	fprintf(stderr, "queue-fill: %s: %s\n", what, strerror(errno));
	exit(111);
}

/* xorshift64: names need not be secret here. */
static uint64_t
next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void
make_id(char id[ID_LEN + 1], uint64_t microseconds)
{
	uint64_t r = next_random();
	int i;

	for (i = TIME_DIGITS - 1; i >= 0; i--, microseconds /= 36)
		id[i] = digits[microseconds % 36];
	for (i = TIME_DIGITS; i < ID_LEN; i++, r >>= 4)
		id[i] = digits[r & 31];
	id[ID_LEN] = '\0';
}

/* The parts that all messages share, the header line and the message. */
static void
make_message(void)
{
	static const char head[] = "From: <sender@bench.example>\nSubject: waiting\n\n";
	long i;

	file = malloc(HEADER + (size_t)size + ENVELOPE_MAX + ENVELOPE_MAX);
	if (file == NULL || size < (long)sizeof(head))
		fail("unable to make the message");
	memcpy(file + HEADER, head, sizeof(head) - 1);
	for (i = sizeof(head) - 1; i < size; i++)
		file[HEADER + i] = i % 72 == 71 || i == size - 1 ? '\n' : 'x';
}

/* Complete the file for message number i.  Returns its length. */
static size_t
make_file(long i, time_t tried)
{
	char *envelope = file + HEADER + size, line[HEADER + 1], address[64];
	int len, journal = 0;

	snprintf(address, sizeof(address), "box@d%ld.example", i % destinations);
	len = snprintf(envelope, ENVELOPE_MAX, "Fsender%ld@bench.example%cT%s%c%c",
	    i % 100, 0, recipient != NULL ? recipient : address, 0, 0);
	if (recipient == NULL)
		journal = snprintf(envelope + len, ENVELOPE_MAX,
		    "%lld Z 0 4.4.1 unable to connect to mx.d%ld.example\n",
		    (long long)tried, i % destinations);
	snprintf(line, sizeof(line), "facteur1 %020ld %020d%*s\n", size, len, 13, "");
	memcpy(file, line, HEADER);
	return HEADER + (size_t)size + (size_t)len + (size_t)journal;
}

static int
open_folder(const char *name)
{
	int fd = open(name, O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		fail(name);
	return fd;
}

static int
open_bucket(long number, time_t now)
{
	char name[32];

	snprintf(name, sizeof(name), "%lld",
	    ((long long)now + wait_first + GRAIN - 1) / GRAIN * GRAIN + number * GRAIN);
	if (mkdir(name, 0700) == -1 && errno != EEXIST)
		fail(name);
	return open_folder(name);
}

static void
put_file(int folder, long i, time_t came)
{
	char id[ID_LEN + 1];
	size_t len = make_file(i, came + 1);
	int fd;

	make_id(id, (uint64_t)came * 1000000 + (uint64_t)i);
	fd = openat(folder, id, O_WRONLY | O_CREAT | O_EXCL, 0660);
	if (fd == -1 || write(fd, file, len) != (ssize_t)len || close(fd) == -1)
		fail(id);
}

static void
fill(void)
{
	time_t now = time(NULL);
	int folder = recipient != NULL ? open_folder(".") : -1;
	long i, filling = -1;

	for (i = 0; i < messages; i++) {
		long bucket = (long)((double)i * (double)buckets / (double)messages);

		if (recipient == NULL && bucket != filling) {
			close(folder);
			folder = open_bucket(bucket, now);
			filling = bucket;
		}
		put_file(folder, i, now - AGE);
	}
}

int
main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "b:d:r:s:w:")) != -1)
		switch (option) {
		case 'b':
			buckets = atol(optarg);
			break;
		case 'd':
			destinations = atol(optarg);
			break;
		case 'r':
			recipient = optarg;
			break;
		case 's':
			size = atol(optarg);
			break;
		case 'w':
			wait_first = atol(optarg);
			break;
		default:
			argc = 0;
		}
	if (argc - optind != 2 || (messages = atol(argv[optind + 1])) < 0 ||
	    buckets < 1 || destinations < 1) {
		fprintf(stderr, "usage: queue-fill [-b buckets] [-d destinations] "
				"[-s bytes] [-w seconds] later messages\n");
		return 111;
	}
	umask(007);
	if (chdir(argv[optind]) == -1)
		fail(argv[optind]);
	make_message();
	fill();
	return 0;
}
