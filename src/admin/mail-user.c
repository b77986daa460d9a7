/* mail-user: add, change and remove mailboxes and aliases. */

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <crypt.h>
#include <errmsg.h>
#include <stralloc.h>

#include "admin/mailbox_make.h"
#include "admin/password_read.h"
#include "admin/user_alias.h"
#include "admin/user_change.h"
#include "admin/user_close.h"
#include "admin/user_line.h"
#include "admin/user_list.h"
#include "admin/user_quota.h"
#include "admin/user_targets.h"
#include "lib/address.h"
#include "lib/home.h"
#include "lib/logins.h"
#include "lib/scram.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"

#define USAGE                                                                            \
	"usage: mail-user add [-n] [-o UID:GID] ADDRESS | remove [-f] ADDRESS | "        \
	"passwd ADDRESS | upgrade ADDRESS | close ADDRESS | open ADDRESS | "             \
	"quota ADDRESS BYTES | alias [add|remove|set] ADDRESS TARGET... | list [DOMAIN]"

static stralloc hash;
static struct scram keys;

/* Set keys to what SCRAM needs of the password. */
static void
make_keys(const char *password)
{
	keys.iterations = SCRAM_ITERATIONS;
	keys.salt_len = SCRAM_SALT;
	if (getrandom(keys.salt, SCRAM_SALT, 0) != SCRAM_SALT)
		diesys(DEFER, "unable to make a salt");
	scram_make(&keys, password, strlen(password));
}

/* Set hash to what is kept of the password; nothing else of it stays. */
static void
take_password(void)
{
	static struct crypt_data data;
	char password[PASSWORD_MAX + 1];
	const char *result;

	password_read(password);
	if (crypt_gensalt_rn("$y$", 0, NULL, 0, data.setting, sizeof data.setting) ==
	    NULL)
		diesys(DEFER, "unable to make a salt");
	result = crypt_r(password, data.setting, &data);
	make_keys(password);
	explicit_bzero(password, sizeof password);
	if (result == NULL || result[0] == '*')
		diesys(DEFER, "unable to hash the password");
	text_cat(&hash, result, ":", (char *)NULL);
	scram_keys_put(&hash, &keys);
}

/* Write key's line of users/passwords. */
static void
set_password(struct user_change *c)
{
	user_change_line(c);
	text_catb(&c->text, hash.s, hash.len);
	user_change_set(c, &c->files.passwords);
}

/* Of whom this is about: what he may has changed. */
static void
end_sessions(struct user_change *c)
{
	if (logins_end(c->user.key.s) == -1)
		carpsys("unable to end the sessions of ", c->user.key.s);
}

static void
do_add(struct user_change *c, int argc, char **argv)
{
	const char *owner = NULL, *wrong;
	int opt, has_password = 1;
	char digits[DECIMAL_MAX];
	uid_t uid;
	gid_t gid;

	while ((opt = getopt(argc, argv, "+no:")) != -1)
		if (opt == 'n')
			has_password = 0;
		else if (opt == 'o')
			owner = optarg;
		else
			die(DEFER, USAGE);
	if (argc - optind != 1)
		die(DEFER, USAGE);
	user_change_of(c, argv[optind]);
	wrong = user_line_fit(c->user.key.s, c->user.key.len);
	if (wrong != NULL)
		die(REJECT, c->address, ": ", wrong);
	mailbox_make_owner(owner, &uid, &gid);
	if (has_password)
		take_password();

	user_change_begin(c);
	user_change_need_domain(c);
	if (user_change_is_in(c, &c->files.mailboxes))
		user_change_refuse(c, " is a mailbox already");
	if (user_change_is_in(c, &c->files.aliases))
		user_change_refuse(c, " is an alias already");
	user_change_line(c);
	text_cat(&c->text, text_decimal(digits, uid), ":", (char *)NULL);
	text_cat(&c->text, text_decimal(digits, gid), ":", (char *)NULL);
	user_change_set(c, &c->files.mailboxes);
	if (has_password)
		set_password(c);
	else
		user_change_drop(c, &c->files.passwords);
	user_change_compile(c);
	/* The folders are there first: no mail may come for a mailbox that has none. */
	if (mailbox_make(c->user.key.s, uid, gid))
		carp(c->user.key.s, ": found a Maildir there, with the mail in it");
	user_change_end(c, &c->files.passwords, &c->files.mailboxes);
}

static void
do_passwd(struct user_change *c, int argc, char **argv)
{
	(void)argc;
	user_change_of(c, argv[1]);
	take_password();
	user_change_begin(c);
	user_change_need_mailbox(c);
	set_password(c);
	user_change_compile(c);
	user_change_end(c, &c->files.passwords, NULL);
	end_sessions(c);
}

/*
 * The password that is on descriptor 0 is that of the hash in $OLDHASH: keep it in the
 * form of today, unless it has been changed meanwhile.  Sessions go on.
 */
static void
do_upgrade(struct user_change *c, int argc, char **argv)
{
	const char *old = getenv("OLDHASH");
	static struct user_line kept;
	struct text_line line;

	(void)argc;
	if (old == NULL)
		die(DEFER, "OLDHASH is not set");
	user_change_of(c, argv[1]);
	take_password();
	user_change_begin(c);
	user_change_need_mailbox(c);
	if (!user_change_find(c, &c->files.passwords, &line) ||
	    user_line_password(&kept, line.s, line.len) != NULL ||
	    strcmp(kept.hash.s, old) != 0)
		die(REJECT, c->user.key.s, " has another password by now");
	set_password(c);
	user_change_compile(c);
	user_change_end(c, &c->files.passwords, NULL);
}

static void
do_close(struct user_change *c, int argc, char **argv)
{
	(void)argc;
	user_close_set(c, argv[1], 1);
	end_sessions(c);
}

static void
do_open(struct user_change *c, int argc, char **argv)
{
	(void)argc;
	user_close_set(c, argv[1], 0);
}

static void
do_remove(struct user_change *c, int argc, char **argv)
{
	static stralloc folder, why;
	const char *postmaster;
	int is_forced = strcmp(argv[1], "-f") == 0;

	if (argc != 2 + is_forced)
		die(DEFER, USAGE);
	user_change_of(c, argv[1 + is_forced]);
	user_change_begin(c);
	if (user_change_drop(c, &c->files.aliases)) {
		user_change_compile(c);
		user_change_end(c, &c->files.aliases, NULL);
		return;
	}
	postmaster = user_alias_postmaster(&c->files, c->user.key.s, c->user.key.len);
	if (postmaster != NULL && !is_forced &&
	    user_change_is_in(c, &c->files.mailboxes)) {
		text_cat(&why, ": mail for ", postmaster,
		    " comes here: alias set leads it elsewhere, remove -f leaves it so",
		    (char *)NULL);
		text_terminate(&why);
		user_change_refuse(c, why.s);
	}
	if (!user_change_drop(c, &c->files.mailboxes))
		user_change_refuse(c, ": there is no such mailbox or alias");
	user_change_drop(c, &c->files.passwords);
	user_change_compile(c);
	user_change_end(c, &c->files.passwords, &c->files.mailboxes);
	end_sessions(c);
	if (users_folder(&folder, c->user.key.s) && access(folder.s, F_OK) == 0)
		carp(c->user.key.s, " is removed; its mail stays in ", home_path(), "/",
		    folder.s);
}

static void
do_list(struct user_change *c, int argc, char **argv)
{
	const char *domain = argc > 1 ? argv[1] : NULL;

	user_files_domains(&c->files);
	if (domain != NULL)
		address_domain_key(&c->text, domain, strlen(domain));
	if (user_list(domain) == 0 && domain != NULL &&
	    address_set_find(&c->files.local, c->text.s, c->text.len) == NULL)
		die(REJECT, domain, " is not one of our domains (control/domains)");
}

static const struct verb {
	const char *name;
	int least, most; /* arguments, the verb not counted */
	void (*act)(struct user_change *c, int argc, char **argv);
} verbs[] = {
    {"add", 1, 5, do_add},
    {"remove", 1, 2, do_remove},
    {"passwd", 1, 1, do_passwd},
    {"upgrade", 1, 1, do_upgrade},
    {"close", 1, 1, do_close},
    {"open", 1, 1, do_open},
    {"quota", 2, 2, user_quota_set},
    {"alias", 2, USER_TARGETS_MAX + 2, user_targets_verb},
    {"list", 0, 1, do_list},
};

int
main(int argc, char **argv)
{
	static struct user_change change;
	size_t i;

	errmsg_iam("mail-user");
	for (i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(argv[1], verbs[i].name) == 0) {
			if (argc - 2 < verbs[i].least || argc - 2 > verbs[i].most)
				break;
			umask(022);
			home_enter();
			verbs[i].act(&change, argc - 1, argv + 1);
			return ACCEPT;
		}
	die(DEFER, USAGE);
}
