#include <string.h>

#include <errmsg.h>

#include "admin/user_alias.h"
#include "admin/user_targets.h"
#include "lib/address.h"
#include "lib/text.h"
#include "lib/verdict.h"

/* What the alias has now, each target ended by \0; empty when there is no such alias. */
static void
find_targets(struct user_change *c, stralloc *targets)
{
	static struct user_line old;

	targets->len = 0;
	if (user_change_read(c, &c->files.aliases, user_line_alias, &old))
		text_catb(targets, old.targets.s, old.targets.len);
}

static void
add(struct user_change *c, stralloc *targets, char **argv)
{
	(void)c;
	for (; *argv != NULL; argv++)
		if (user_line_target(targets, *argv, strlen(*argv)) == targets->len)
			text_catb(targets, *argv, strlen(*argv) + 1);
}

static void
add_more(struct user_change *c, stralloc *targets, char **argv)
{
	if (targets->len == 0)
		user_change_refuse(c, ": there is no such alias");
	add(c, targets, argv);
}

static void
make(struct user_change *c, stralloc *targets, char **argv)
{
	if (targets->len > 0)
		user_change_refuse(c,
		    " is an alias already: alias add, alias remove or alias set "
		    "changes it");
	add(c, targets, argv);
}

static void
set(struct user_change *c, stralloc *targets, char **argv)
{
	targets->len = 0;
	add(c, targets, argv);
}

static void
take_out(struct user_change *c, stralloc *targets, char **argv)
{
	size_t at, len;

	if (targets->len == 0)
		user_change_refuse(c, ": there is no such alias");
	for (; *argv != NULL; argv++) {
		at = user_line_target(targets, *argv, strlen(*argv));
		if (at == targets->len)
			user_change_refuse(c, " has no such target");
		len = strlen(targets->s + at) + 1;
		memmove(targets->s + at, targets->s + at + len, targets->len - at - len);
		targets->len -= len;
	}
	if (targets->len == 0)
		user_change_refuse(
		    c, " would have no target: mail-user remove removes an alias");
}

static const struct verb {
	const char *name;
	void (*act)(struct user_change *c, stralloc *targets, char **argv);
} verbs[] = {
    {"add", add_more},
    {"remove", take_out},
    {"set", set},
    {NULL, make},
};

/* Its new line: ADDRESS: TARGET, TARGET... */
static void
write_line(struct user_change *c, const stralloc *targets)
{
	unsigned n = 0;
	size_t at;

	user_change_line(c);
	for (at = 0; at < targets->len; at += strlen(targets->s + at) + 1) {
		if (n++ == USER_TARGETS_MAX)
			die(REJECT, c->user.key.s, " would have too many targets");
		text_cat(&c->text, at > 0 ? ", " : " ", targets->s + at, (char *)NULL);
	}
	user_change_set(c, &c->files.aliases);
}

/* A mailbox that is its own target keeps a copy of what it sends on. */
static void
check_own(struct user_change *c, const stralloc *targets)
{
	int is_own = user_line_target(targets, c->user.key.s, strlen(c->user.key.s)) <
		     targets->len;
	int is_mailbox = user_change_is_in(c, &c->files.mailboxes);

	if (is_own && !is_mailbox)
		die(REJECT, c->user.key.s,
		    ": an alias can't be its own target, unless it is a mailbox too");
	if (is_mailbox && !is_own)
		die(REJECT, c->user.key.s,
		    " is a mailbox already: with itself among its targets it keeps a "
		    "copy of what it sends on");
}

void
user_targets_verb(struct user_change *c, int argc, char **argv)
{
	static stralloc targets;
	const struct verb *verb = verbs;
	int i;

	while (verb->name != NULL && strcmp(argv[1], verb->name) != 0)
		verb++;
	i = verb->name != NULL ? 2 : 1;
	if (argc < i + 2)
		die(DEFER, "usage: mail-user alias [add|remove|set] ADDRESS TARGET...");
	user_change_of(c, argv[i]);
	for (argv += i + 1, i = 0; argv[i] != NULL; i++)
		if (!address_is_mailbox(argv[i], strlen(argv[i])))
			die(REJECT, argv[i], ": not an address");
	user_change_begin(c);
	user_change_need_domain(c);
	find_targets(c, &targets);
	verb->act(c, &targets, argv);
	check_own(c, &targets);
	write_line(c, &targets);
	user_change_compile(c);
	user_alias_check(&c->files, c->user.key.s, c->user.key.len);
	user_change_end(c, &c->files.aliases, NULL);
}
