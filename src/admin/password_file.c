#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "admin/password_file.h"
#include "control/text_file.h"
#include "lib/smtppasswords.h"
#include "lib/text.h"
#include "lib/verdict.h"

/* The number in a file of the service; without one it runs as whoever is asked here. */
static unsigned long long
number(const char *name, unsigned long long fallback)
{
	static struct text_file file;
	struct text_line line = {0};
	unsigned long long n;

	if (text_file_read(&file, name) == -1)
		diesys(DEFER, "unable to read ", name);
	if (!text_file_next(&file, &line))
		return fallback;
	if (!text_number(line.s, line.len, UINT32_MAX, &n))
		die(DEFER, name, " is no number");
	return n;
}

unsigned
password_file_check(void)
{
	const char *wrong;
	struct stat st;

	if (stat(SMTPPASSWORDS_FILE, &st) == -1) {
		if (errno == ENOENT)
			return 0;
		diesys(DEFER, "unable to find ", SMTPPASSWORDS_FILE);
	}
	wrong = smtppasswords_wrong(&st,
	    (uid_t)number("service/send/env/SERVICE_UID", geteuid()),
	    (gid_t)number("service/send/env/SERVICE_GID", getegid()));
	if (wrong == NULL)
		return 0;
	carp(SMTPPASSWORDS_FILE, " ", wrong);
	return 1;
}
