/* maildir-write: put the message on descriptor 0 into a maildir. */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "deliver/maildir.h"
#include "deliver/maildir_name.h"
#include "lib/address.h"
#include "lib/maildirsize.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE "usage: maildir-write [-a] [-q quota] [-r recipient] [-s sender] dir"

static const char *sender, *recipient, *quota;
static struct maildir_delivery delivery;

static void
take_options(int argc, char **argv)
{
	int c;

	opterr = 0;
	while ((c = getopt(argc, argv, "+aq:r:s:")) != -1)
		switch (c) {
		case 'a':
			delivery.again = 1;
			break;
		case 'q':
			quota = optarg;
			break;
		case 'r':
			recipient = optarg;
			break;
		case 's':
			sender = optarg;
			break;
		default:
			die(DEFER, USAGE);
		}
	if (argc - optind != 1)
		die(DEFER, USAGE);
}

static int
is_line(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			return 0;
	return 1;
}

static void
put_head(void)
{
	if ((sender != NULL && !is_line(sender)) ||
	    (recipient != NULL && !is_line(recipient)))
		die(DEFER, "control character in an address");
	if (sender != NULL)
		text_cat(&delivery.head, "Return-Path: <", sender, ">\n", (char *)NULL);
	if (recipient != NULL)
		text_cat(&delivery.head, "Delivered-To: ", recipient, "\n", (char *)NULL);
}

static void
choose_name(void)
{
	char id[QUEUEID_LEN + 1];
	stralloc key = {0};
	struct utsname host;

	if (queueid_take(id) == -1)
		diesys(DEFER, "unable to make a message ID");
	if (uname(&host) == -1)
		diesys(DEFER, "unable to find the host's name");
	if (recipient != NULL)
		address_key(&key, recipient, strlen(recipient));
	maildir_name(&delivery.name, id, key.s, host.nodename);
}

/* The quota is what -q says, or else the maildir itself in its quota file. */
static void
choose_quota(const char *dir)
{
	struct maildirsize size;

	if (quota != NULL) {
		if (!text_number(quota, strlen(quota), ~0ull, &delivery.quota))
			die(DEFER, "quota is not a number: ", quota);
		return;
	}
	switch (maildirsize_read(&size, AT_FDCWD)) {
	case -1:
		diesys(DEFER, "unable to read ", dir, "/" MAILDIRSIZE);
	case 1:
		delivery.quota = size.quota;
	}
}

int
main(int argc, char **argv)
{
	const char *dir;
	int r;

	errmsg_iam("maildir-write");
	take_options(argc, argv);
	dir = argv[optind];
	put_head();
	umask(077);
	signal(SIGXFSZ, SIG_IGN);
	if (chdir(dir) == -1)
		diesys(DEFER, "unable to enter ", dir);
	choose_name();
	choose_quota(dir);

	delivery.fd = 0;
	delivery.length = -1;
	r = maildir_write(AT_FDCWD, &delivery);
	if (r == MAILDIR_WRITTEN)
		r = maildir_keep(AT_FDCWD, &delivery);
	else if (r == MAILDIR_FOUND)
		r = maildir_sync(AT_FDCWD, &delivery) == 0 ? MAILDIR_DONE : -1;
	switch (r) {
	case MAILDIR_DONE:
		return ACCEPT;
	case MAILDIR_FULL:
		die(DEFER, dir, " is full");
	case MAILDIR_NEVER:
		die(REJECT, "the message is larger than ", dir, " may become");
	default:
		diesys(DEFER, "unable to ", delivery.failed, " ", dir);
	}
}
