#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "lib/manners.h"
#include "lib/verdict.h"

/* ld(1), --wrap: what begins the program calls the one, which calls the other. */
int manners_main(int argc, char **argv, char **environment) __asm__("__wrap_main");
int manners_program(int argc, char **argv, char **environment) __asm__("__real_main");

/* Returns ACCEPT, or DEFER when it can't be written. */
static int
tell(const char *s, size_t len)
{
	ssize_t r;

	for (; len > 0; s += r, len -= (size_t)r) {
		r = write(1, s, len);
		if (r <= 0)
			return DEFER;
	}
	return ACCEPT;
}

/* From one label of the assembler's to another, which C knows as two objects. */
static size_t
distance(const char *from, const char *to)
{
	return (size_t)((uintptr_t)to - (uintptr_t)from);
}

static int
tell_version(void)
{
	int verdict = tell(manners_name, strlen(manners_name));

	if (verdict == ACCEPT)
		verdict = tell(" ", 1);
	if (verdict == ACCEPT)
		verdict =
		    tell(manners_version, distance(manners_version, manners_version_end));
	return verdict;
}

int
manners_main(int argc, char **argv, char **environment)
{
	if (argc == 2 && strcmp(argv[1], "-h") == 0)
		return tell(manners_help, distance(manners_help, manners_help_end));
	if (argc == 2 && strcmp(argv[1], "-V") == 0)
		return tell_version();
	return manners_program(argc, argv, environment);
}
