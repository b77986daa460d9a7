#ifndef SUBMIT_SUBMIT_OPTIONS_H
#define SUBMIT_SUBMIT_OPTIONS_H

/* The options of sendmail(8), as programs have given them for forty years. */

enum submit_mode {
	SUBMIT_SEND,    /* -bm: a message on standard input */
	SUBMIT_SESSION, /* -bs: SMTP on standard input and output */
	SUBMIT_VERIFY,  /* -bv: are the recipients good? */
	SUBMIT_QUEUE,   /* -bp, mailq: show the queue */
	SUBMIT_ALIASES, /* -bi, newaliases: make the databases anew */
	SUBMIT_NOTHING, /* -q: what facteur does by itself */
	SUBMIT_UNKNOWN  /* another -b: what we are not */
};

struct submit_options {
	enum submit_mode mode;
	int takes_recipients; /* -t: from the header, too */
	int ignores_dots;     /* -i: a line with a dot only does not end the message */
	int is_gateway;       /* -G: the header is another system's and stays as it is */
	int verbose;          /* -v: show the dialogue */
	const char *sender;   /* -f; null: the caller */
	const char *name;     /* -F: of the sender; or null */
	const char *body;     /* -B: 7BIT or 8BITMIME; or null */
	const char *notify;   /* -N; or null */
	const char *ret;      /* -R: FULL or HDRS; or null */
	const char *envid;    /* -V; or null */
	const char *record;   /* -X: a file for the dialogue; or null */
};

/*
 * Parse argv, of the program called by that name.  Options that say nothing here are
 * skipped, with their argument where they have one.  Returns the index of the first
 * recipient.
 */
int submit_options_take(struct submit_options *options, int argc, char **argv);

#endif
