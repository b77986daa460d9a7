/* tls-front: begin with TLS, then run a program on the clear text. */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/home.h"
#include "lib/starttls.h"
#include "lib/text_number.h"
#include "lib/verdict.h"

#define USAGE "usage: tls-front [-p protocol] [-t seconds] program [argument...]"
#define SECONDS_MAX 600

static unsigned
take_seconds(const char *s)
{
	unsigned long long seconds;

	if (s == NULL || !text_number(s, strlen(s), SECONDS_MAX, &seconds) || !seconds)
		die(DEFER, USAGE);
	return (unsigned)seconds;
}

int
main(int argc, char **argv)
{
	struct starttls how = {.seconds = STARTTLS_SECONDS};
	int option, here;

	errmsg_iam("tls-front");
	while ((option = getopt(argc, argv, "+:p:t:")) != -1) {
		if (option == 'p' && *optarg != '\0')
			how.protocol = optarg;
		else if (option == 't')
			how.seconds = take_seconds(optarg);
		else
			die(DEFER, USAGE);
	}
	if (optind == argc)
		die(DEFER, USAGE);

	/* the program may have been called by a path from here */
	here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (here == -1)
		diesys(DEFER, "unable to look at the working directory");
	home_enter();
	if (starttls_first(&how) == -1)
		return DEFER;
	if (fchdir(here) == -1)
		diesys(DEFER, "unable to return to the working directory");
	execvp(argv[optind], argv + optind);
	diesys(DEFER, "unable to run ", argv[optind]);
}
