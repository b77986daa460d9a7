#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/clients_most.h"
#include "lib/text_number.h"
#include "lib/verdict.h"

#define MOST 65536

size_t
clients_most_scan(const char *s)
{
	unsigned long long n;

	return text_number(s, strlen(s), MOST, &n) ? (size_t)n : 0;
}

size_t
clients_most_take(int argc, char **argv, size_t otherwise, const char *usage)
{
	size_t most = otherwise;
	int option;

	while ((option = getopt(argc, argv, "+l:")) != -1)
		if (option != 'l' || (most = clients_most_scan(optarg)) == 0)
			die(DEFER, usage);
	if (optind != argc)
		die(DEFER, usage);
	return most;
}
