/* mail-user: add, change and remove mailboxes and aliases. */

#include <crypt.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "admin/mailbox_make.h"
#include "admin/password_read.h"
#include "admin/user_change.h"
#include "admin/user_edit.h"
#include "admin/user_line.h"
#include "admin/user_list.h"
#include "lib/address.h"
#include "lib/home.h"
#include "lib/scram.h"
#include "lib/text.h"
#include "lib/users.h"
#include "lib/verdict.h"

#define USAGE                                                                            \
	"usage: mail-user add [-n] [-o UID:GID] ADDRESS | remove ADDRESS | "             \
	"passwd ADDRESS | quota ADDRESS BYTES | alias ADDRESS TARGET... | list [DOMAIN]"
#define TARGETS_MAX 1000
#define QUOTA_MAX 9223372036854775807ULL

static struct user_change change;
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
	if (!crypt_gensalt_rn("$y$", 0, NULL, 0, data.setting, sizeof data.setting))
		diesys(DEFER, "unable to make a salt");
	result = crypt_r(password, data.setting, &data);
	make_keys(password);
	explicit_bzero(password, sizeof password);
	if (!result || result[0] == '*')
		diesys(DEFER, "unable to hash the password");
	text_cat(&hash, result, ":", (char *)NULL);
	scram_put(&hash, &keys);
}

/* Write key's line of users/passwords. */
static void
set_password(void)
{
	user_change_line(&change);
	text_catb(&change.text, hash.s, hash.len);
	user_edit_set(&change.files.passwords, change.user.key.s, change.user.key.len,
	    change.text.s, change.text.len);
}

static void
do_add(int argc, char **argv)
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
	user_change_of(&change, argv[optind]);
	wrong = user_line_fit(change.user.key.s, change.user.key.len);
	if (wrong)
		die(REJECT, change.address, ": ", wrong);
	mailbox_owner(owner, &uid, &gid);
	if (has_password)
		take_password();

	user_change_begin(&change);
	user_change_need_domain(&change);
	if (user_change_is_in(&change, &change.files.mailboxes))
		user_change_refuse(&change, " is a mailbox already");
	if (user_change_is_in(&change, &change.files.aliases))
		user_change_refuse(&change, " is an alias already");
	user_change_line(&change);
	text_cat(&change.text, text_decimal(digits, uid), ":", (char *)NULL);
	text_cat(&change.text, text_decimal(digits, gid), ":", (char *)NULL);
	user_edit_set(&change.files.mailboxes, change.user.key.s, change.user.key.len,
	    change.text.s, change.text.len);
	if (has_password)
		set_password();
	else
		user_edit_drop(
		    &change.files.passwords, change.user.key.s, change.user.key.len);
	user_change_compile(&change);
	/* The folders are there first: no mail may come for a mailbox that has none. */
	if (mailbox_make(change.user.key.s, uid, gid))
		carp(change.user.key.s, ": found a Maildir there, with the mail in it");
	user_change_end(&change, &change.files.passwords, &change.files.mailboxes);
}

static void
do_passwd(int argc, char **argv)
{
	(void)argc;
	user_change_of(&change, argv[1]);
	take_password();
	user_change_begin(&change);
	user_change_need_mailbox(&change);
	set_password();
	user_change_compile(&change);
	user_change_end(&change, &change.files.passwords, NULL);
}

static void
do_quota(int argc, char **argv)
{
	static struct user_line old;
	struct text_line line;
	unsigned long long quota;
	char digits[DECIMAL_MAX];
	const char *wrong;

	(void)argc;
	user_change_of(&change, argv[1]);
	if (strcmp(argv[2], "default") != 0 &&
	    !text_number(argv[2], strlen(argv[2]), QUOTA_MAX, &quota))
		die(REJECT, argv[2], ": not a number of bytes, nor \"default\"");
	user_change_begin(&change);
	user_change_need_mailbox(&change);
	user_edit_find(
	    &change.files.mailboxes, change.user.key.s, change.user.key.len, &line);
	wrong = user_line_mailbox(&old, line.s, line.len);
	if (wrong) {
		text_file_complain(USER_MAILBOXES, line.number, wrong, NULL);
		die(DEFER, "nothing is changed: correct this first");
	}
	user_change_line(&change);
	text_cat(&change.text, text_decimal(digits, old.uid), ":", (char *)NULL);
	text_cat(&change.text, text_decimal(digits, old.gid), ":", (char *)NULL);
	if (strcmp(argv[2], "default") != 0)
		text_cat(&change.text, text_decimal(digits, quota), (char *)NULL);
	user_edit_set(&change.files.mailboxes, change.user.key.s, change.user.key.len,
	    change.text.s, change.text.len);
	user_change_compile(&change);
	user_change_end(&change, &change.files.mailboxes, NULL);
}

/* Say when a target is an address of ours that nobody has. */
static void
warn_target(const char *s)
{
	static stralloc key;
	struct text_line line;
	size_t at;

	address_key(&key, s, strlen(s));
	at = address_domain(key.s, key.len);
	if (user_edit_is_domain(&change.files.domains, key.s + at, key.len - at) &&
	    !user_edit_find(&change.files.mailboxes, key.s, key.len, &line) &&
	    !user_edit_find(&change.files.aliases, key.s, key.len, &line))
		carp("warning: there is no mailbox or alias ", key.s, " yet");
}

static void
do_alias(int argc, char **argv)
{
	static stralloc key;
	int i;

	user_change_of(&change, argv[1]);
	user_change_line(&change);
	for (i = 2; i < argc; i++) {
		if (!address_is_mailbox(argv[i], strlen(argv[i])))
			die(REJECT, argv[i], ": not an address");
		address_key(&key, argv[i], strlen(argv[i]));
		if (stralloc_equal(&key, &change.user.key))
			die(REJECT, change.user.key.s,
			    ": an alias can't be its own target");
		text_cat(&change.text, i > 2 ? ", " : " ", argv[i], (char *)NULL);
	}
	user_change_begin(&change);
	user_change_need_domain(&change);
	if (user_change_is_in(&change, &change.files.mailboxes))
		die(REJECT, change.user.key.s, " is a mailbox already");
	for (i = 2; i < argc; i++)
		warn_target(argv[i]);
	user_edit_set(&change.files.aliases, change.user.key.s, change.user.key.len,
	    change.text.s, change.text.len);
	user_change_compile(&change);
	user_change_end(&change, &change.files.aliases, NULL);
}

static void
do_remove(int argc, char **argv)
{
	static stralloc folder;

	(void)argc;
	user_change_of(&change, argv[1]);
	user_change_begin(&change);
	if (user_edit_drop(
		&change.files.aliases, change.user.key.s, change.user.key.len)) {
		user_change_compile(&change);
		user_change_end(&change, &change.files.aliases, NULL);
		return;
	}
	if (!user_edit_drop(
		&change.files.mailboxes, change.user.key.s, change.user.key.len))
		user_change_refuse(&change, ": there is no such mailbox or alias");
	user_edit_drop(&change.files.passwords, change.user.key.s, change.user.key.len);
	user_change_compile(&change);
	user_change_end(&change, &change.files.passwords, &change.files.mailboxes);
	if (users_folder(&folder, change.user.key.s) && access(folder.s, F_OK) == 0)
		carp(change.user.key.s, " is removed; its mail stays in ", home_path(),
		    "/", folder.s);
}

static void
do_list(int argc, char **argv)
{
	struct text_file domains = {0};
	const char *domain = argc > 1 ? argv[1] : NULL;

	if (text_file_read(&domains, USER_DOMAINS) == -1)
		diesys(DEFER, "unable to read " USER_DOMAINS);
	if (user_list(domain) == 0 && domain &&
	    !user_edit_is_domain(&domains, domain, strlen(domain)))
		die(REJECT, domain, " is not one of our domains (control/domains)");
}

static const struct verb {
	const char *name;
	int least, most; /* arguments, the verb not counted */
	void (*act)(int argc, char **argv);
} verbs[] = {
    {"add", 1, 5, do_add},
    {"remove", 1, 1, do_remove},
    {"passwd", 1, 1, do_passwd},
    {"quota", 2, 2, do_quota},
    {"alias", 2, TARGETS_MAX + 1, do_alias},
    {"list", 0, 1, do_list},
};

int
main(int argc, char **argv)
{
	size_t i;

	errmsg_iam("mail-user");
	for (i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(argv[1], verbs[i].name) == 0) {
			if (argc - 2 < verbs[i].least || argc - 2 > verbs[i].most)
				break;
			umask(022);
			home_enter();
			verbs[i].act(argc - 1, argv + 1);
			return ACCEPT;
		}
	die(DEFER, USAGE);
}
