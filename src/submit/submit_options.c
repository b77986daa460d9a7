#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "submit/submit_options.h"

/* With an argument: those of sendmail 8, what they are for or not. */
#define LETTERS "+A:B:C:D:F:GIL:M:N:O:Q:R:S:UV:X:b:d::e:f:h:imno:p:q::r:stvx"

static enum submit_mode
mode_of(const char *s)
{
	static const struct {
		char letter;
		enum submit_mode mode;
	} modes[] = {{'m', SUBMIT_SEND}, {'s', SUBMIT_SESSION}, {'v', SUBMIT_VERIFY},
	    {'p', SUBMIT_QUEUE}, {'i', SUBMIT_ALIASES}, {'I', SUBMIT_ALIASES}};
	size_t i;

	for (i = 0; i < sizeof modes / sizeof *modes; i++)
		if (*s == modes[i].letter)
			return modes[i].mode;
	return SUBMIT_UNKNOWN;
}

static void
take_option(struct submit_options *options, int option, const char *argument)
{
	switch (option) {
	case 'b':
		options->mode = mode_of(argument);
		break;
	case 'i':
		options->ignores_dots = 1;
		break;
	case 'o':
		/* of -oi, -oem, -odb and so on the first is the only one to act on */
		options->ignores_dots |= argument[0] == 'i';
		break;
	case 'O':
		options->ignores_dots |= strcasecmp(argument, "IgnoreDots=true") == 0;
		break;
	case 'q':
		if (options->mode == SUBMIT_SEND)
			options->mode = SUBMIT_NOTHING;
		break;
	case 't':
		options->takes_recipients = 1;
		break;
	case 'G':
		options->is_gateway = 1;
		break;
	case 'v':
		options->verbose = 1;
		break;
	case 'f':
	case 'r':
		options->sender = argument;
		break;
	case 'F':
		options->name = argument;
		break;
	case 'B':
		options->body = argument;
		break;
	case 'N':
		options->notify = argument;
		break;
	case 'R':
		options->ret = argument;
		break;
	case 'V':
		options->envid = argument;
		break;
	case 'X':
		options->record = argument;
		break;
	}
}

int
submit_options_take(struct submit_options *options, int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash != NULL ? slash + 1 : argv[0];
	int option;

	memset(options, 0, sizeof *options);
	if (strcmp(name, "mailq") == 0)
		options->mode = SUBMIT_QUEUE;
	else if (strcmp(name, "newaliases") == 0)
		options->mode = SUBMIT_ALIASES;
	opterr = 0;
	/* what follows a recipient is one, too, as with sendmail: nobody's address is an
	 * option */
	while ((option = getopt(argc, argv, LETTERS)) != -1)
		take_option(options, option, optarg != NULL ? optarg : "");
	return optind;
}
