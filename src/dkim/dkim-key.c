/* dkim-key: make, show, rotate and check the keys with which our domains sign. */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "dkim/key_check.h"
#include "dkim/key_folder.h"
#include "dkim/key_new.h"
#include "dkim/zone_record.h"
#include "lib/control.h"
#include "lib/durable.h"
#include "lib/home.h"
#include "lib/ready.h"
#include "lib/spawn_child.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE                                                                            \
	"usage: dkim-key make [-b bits] [-k rsa|ed25519] domain, dkim-key show domain, " \
	"dkim-key rotate [-b bits] domain, dkim-key check [-q] [domain...], "            \
	"dkim-key settle [-w] [domain...]"
#define BITS 2048 /* of RSA: RFC 8301, 3.2 */
#define BITS_MIN 1024
#define BITS_MAX 4096 /* verifiers need not know longer ones: RFC 8301, 3.2 */
#define RETIRE_DAYS 14
#define HOUR 3600 /* seconds */

static const char *const kinds[] = {
    [KEY_RECORD_RSA] = "rsa",
    [KEY_RECORD_ED25519] = "ed25519",
};

static unsigned long long bits = BITS;
static const char *only_kind; /* or null */
static enum key_check_how how;
static int waits; /* for more to do, without end */
static int out = 1;
static struct key_folder folder;
static unsigned long long retire_days;
static int worst; /* the exit code */

static void
say(stralloc *text)
{
	if (durable_write(out, text->s, text->len) == -1)
		diesys(DEFER, "unable to write what is to be told");
	text->len = 0;
}

static void
show(void)
{
	stralloc text = {0};
	const struct key_folder_one *one;

	for (one = folder.keys; one < folder.keys + folder.count; one++) {
		if (one->state == KEY_FOLDER_WAITS) {
			text_cat(&text, "; to sign as soon as the DNS shows it\n",
			    (char *)NULL);
		} else if (one->state == KEY_FOLDER_RETIRED) {
			text_cat(
			    &text, "; signs no more, to be removed after ", (char *)NULL);
			key_check_put_day(&text, key_check_end(one, retire_days));
			text_cat(&text, "\n", (char *)NULL);
		}
		zone_record_put(&text, folder.domain, one->selector, &one->key);
	}
	say(&text);
	stralloc_free(&text);
}

/* Read the keys of the domain, as the admin writes it. */
static void
read_domain(const char *name)
{
	char domain[SIGNATURE_DOMAIN_MAX + 1];

	if (!signature_take_domain(domain, name, strlen(name)))
		die(REJECT, name, ": not a domain");
	key_folder_free(&folder);
	if (key_folder_read(&folder, domain) == -1)
		exit(DEFER);
}

static void
make(const char *name)
{
	int kind;

	if (key_folder_lock() == -1)
		exit(DEFER);
	read_domain(name);
	for (kind = KEY_RECORD_RSA; kind <= KEY_RECORD_ED25519; kind++) {
		size_t i;

		if (only_kind != NULL && strcmp(only_kind, kinds[kind]) != 0)
			continue;
		for (i = 0; i < folder.count; i++)
			if ((int)folder.keys[i].key.kind == kind)
				die(REJECT, folder.domain,
				    " has keys already: dkim-key rotate makes new ones");
	}
	for (kind = KEY_RECORD_RSA; kind <= KEY_RECORD_ED25519; kind++)
		if ((only_kind == NULL || strcmp(only_kind, kinds[kind]) == 0) &&
		    key_new_add(&folder, (enum key_record_kind)kind, (unsigned)bits,
			KEY_FOLDER_SIGNS) == -1)
			exit(DEFER);
	read_domain(name);
	show();
}

/* The key of that kind that signs, or null. */
static const struct key_folder_one *
find_signing(enum key_record_kind kind)
{
	const struct key_folder_one *one;

	for (one = folder.keys; one < folder.keys + folder.count; one++)
		if (one->state == KEY_FOLDER_SIGNS && one->key.kind == kind)
			return one;
	return NULL;
}

/* A successor for each kind of key that signs, not shorter than that. */
static void
rotate(const char *name)
{
	const struct key_folder_one *one;
	size_t i, n = 0;
	unsigned now;
	int kind;

	if (key_folder_lock() == -1)
		exit(DEFER);
	read_domain(name);
	for (i = 0; i < folder.count; i++)
		if (folder.keys[i].state == KEY_FOLDER_WAITS)
			die(REJECT, folder.domain,
			    " has keys that wait for the DNS: dkim-key check");
	for (kind = KEY_RECORD_RSA; kind <= KEY_RECORD_ED25519; kind++) {
		one = find_signing((enum key_record_kind)kind);
		if (one == NULL)
			continue;
		n++;
		now = private_key_bits(&one->key);
		if (key_new_add(&folder, one->key.kind, now > bits ? now : (unsigned)bits,
			KEY_FOLDER_WAITS) == -1)
			exit(DEFER);
	}
	if (n == 0)
		die(REJECT, folder.domain, " has no keys: dkim-key make");
	read_domain(name);
	show();
}

static void
check(const char *name)
{
	stralloc text = {0};
	int r;

	read_domain(name);
	r = key_check_all(&folder, retire_days, how, &text);
	if (r == DEFER || worst == ACCEPT)
		worst = r;
	say(&text);
	stralloc_free(&text);
}

static void
check_all(char *const *names)
{
	stralloc list = {0};
	const char *name;

	if (key_folder_lock() == -1)
		exit(DEFER);
	if (*names == NULL && key_folder_list(&list) == -1)
		diesys(DEFER, "unable to read " KEY_FOLDER);
	for (; *names != NULL; names++)
		check(*names);
	for (name = list.s; name != NULL && name < list.s + list.len;
	     name += strlen(name) + 1)
		check(name);
	stralloc_free(&list);
}

static void
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+b:k:qw")) != -1)
		switch (option) {
		case 'b':
			if (!text_number(optarg, strlen(optarg), BITS_MAX, &bits) ||
			    bits < BITS_MIN)
				die(DEFER, "bits: from 1024 to 4096");
			break;
		case 'k':
			only_kind = optarg;
			if (strcmp(optarg, "rsa") != 0 && strcmp(optarg, "ed25519") != 0)
				die(DEFER, USAGE);
			break;
		case 'q':
			how = KEY_CHECK_TODO;
			break;
		case 'w':
			waits = 1;
			break;
		default:
			die(DEFER, USAGE);
		}
}

/*
 * Each hour, by a child, which has no memory of the last time.  What was changed is for
 * the log.
 */
static void __attribute__((noreturn)) settle_for_ever(void)
{
	char *const all[] = {NULL};
	pid_t pid;

	ready_tell();
	out = 2;
	for (;; sleep(HOUR)) {
		pid = fork();
		if (pid == -1)
			carpsys("unable to make a process");
		if (pid > 0)
			spawn_child_wait(pid);
		if (pid != 0)
			continue;
		check_all(all);
		_exit(ACCEPT);
	}
}

/* Is that what the verb takes: one domain, or any number; and does it wait for ever? */
static void
check_usage(const char *verb, int domains)
{
	static const char *const of_one[] = {"make", "show", "rotate", NULL};
	int is_settle = strcmp(verb, "settle") == 0;
	const char *const *known = of_one;

	while (*known != NULL && strcmp(*known, verb) != 0)
		known++;
	if (*known != NULL ? waits || domains != 1
	    : is_settle    ? waits && domains > 0
			   : waits || strcmp(verb, "check") != 0)
		die(DEFER, USAGE);
}

int
main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	errmsg_iam("dkim-key");
	if (argc < 2)
		die(DEFER, USAGE);
	take_options(argc - 1, argv + 1);
	argv += 1 + optind;
	argc -= 1 + optind;
	check_usage(verb, argc);
	home_enter();
	umask(077);
	retire_days = control_need_number("dkimretire", RETIRE_DAYS);
	if (strcmp(verb, "settle") == 0) {
		how = KEY_CHECK_CHANGE;
		if (waits)
			settle_for_ever();
	}
	if (strcmp(verb, "check") == 0 || strcmp(verb, "settle") == 0) {
		check_all(argv);
		return worst;
	}
	if (strcmp(verb, "make") == 0) {
		make(*argv);
	} else if (strcmp(verb, "show") == 0) {
		read_domain(*argv);
		if (folder.count == 0)
			die(REJECT, folder.domain, " has no keys: dkim-key make");
		show();
	} else {
		rotate(*argv);
	}
	return ACCEPT;
}
