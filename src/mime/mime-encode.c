/* mime-encode: make a message fit for servers that take 7-bit text only. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/spool_take.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "mime/mime_convert.h"

#define USAGE "usage: mime-encode [-8] [-l octets]"
#define STATUS "5.6.3" /* RFC 3463: conversion required but not supported */

/* The message on descriptor 0, as memory.  What is not a file is copied to one. */
static const char *
map_message(size_t *len)
{
	off_t at, length, start, page = sysconf(_SC_PAGESIZE);
	int fd = spool_take(0, &at, &length);
	char *s;

	if (fd == -1)
		diesys(DEFER, "unable to read the message");
	*len = (size_t)length;
	if (*len == 0)
		return "";
	start = at / page * page;
	s = mmap(NULL, (size_t)(at - start) + *len, PROT_READ, MAP_PRIVATE, fd, start);
	if (s == MAP_FAILED)
		diesys(DEFER, "unable to map the message");
	s += at - start;
	madvise(s - (at - start), *len, MADV_SEQUENTIAL);
	return s;
}

/* Say why not: where our caller listens, as a sink does, else on descriptor 2. */
static void
report(const char *reason)
{
	stralloc text = {0};
	int flags = fcntl(6, F_GETFL);

	if (flags == -1 || (flags & O_ACCMODE) == O_RDONLY) {
		carp(STATUS, " ", reason);
		return;
	}
	text_cat(&text, "D", STATUS, " ", reason, (char *)NULL);
	if (write(6, text.s, text.len) == -1)
		carpsys("unable to write the report");
}

int
main(int argc, char **argv)
{
	struct mime_entity_task task = {.out = {.fd = 1}};
	unsigned long long max = 0;
	const char *s;
	size_t len;
	int c;

	errmsg_iam("mime-encode");
	while ((c = getopt(argc, argv, "+8l:")) != -1)
		switch (c) {
		case '8':
			task.keeps_eight_bit = 1;
			break;
		case 'l':
			if (text_number(optarg, strlen(optarg), UINT32_MAX, &max) &&
			    max > 0)
				break;
			/* fall through */
		default:
			die(DEFER, USAGE);
		}
	if (optind < argc || (task.keeps_eight_bit && max == 0))
		die(DEFER, USAGE);
	task.line_max = (size_t)max;

	s = map_message(&len);
	if (mime_convert(&task, s, len) == -1) {
		report(task.reason);
		return REJECT;
	}
	if (mime_output_end(&task.out) == -1)
		diesys(DEFER, "unable to write the message");
	return ACCEPT;
}
