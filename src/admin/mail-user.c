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
#include "admin/user_edit.h"
#include "admin/user_files.h"
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

static struct user_files files;
static struct user_line user; /* key: the address that is talked of */
static const char *address;   /* as it was given */
static stralloc hash;
static struct scram keys;
static stralloc text; /* a new line */

/* Take the address that the verb is about. */
static void
take_address(const char *s)
{
	const char *wrong = user_line_key(&user, s, strlen(s));

	address = s;
	if (!wrong && strchr(s, '\n'))
		wrong = "the address is malformed";
	if (wrong)
		die(REJECT, s, ": ", wrong);
	text_terminate(&user.key);
}

/* Put the address at the head of a new line: plainly, when it needs no quotes. */
static void
begin_line(void)
{
	text.len = 0;
	if (user.key.s[0] == '@' || address_is_mailbox(user.key.s, user.key.len))
		text_catb(&text, user.key.s, user.key.len);
	else
		text_cat(&text, address, (char *)NULL);
	text_cat(&text, ":", (char *)NULL);
}

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

/* From here on we are alone with the files. */
static void
begin_change(void)
{
	user_files_lock();
	user_files_read(&files);
}

static void
compile(void)
{
	if (user_files_compile(&files) == -1)
		die(DEFER, "nothing is changed: correct this first");
}

static void
end_change(struct text_file *first, struct text_file *second)
{
	struct text_file *changed[] = {first, second};

	user_files_publish(&files, changed, second ? 2 : 1);
}

/*
 * Nothing is to be changed, say the texts.  A run that ended between them and what is
 * compiled of them is made good when it is repeated.
 */
static void
refuse(const char *why)
{
	if (user_files_compile(&files) == 0)
		user_files_publish(&files, NULL, 0);
	die(REJECT, user.key.s, why);
}

static int
is_in(const struct text_file *file)
{
	struct text_line line;

	return user_edit_find(file, user.key.s, user.key.len, &line);
}

static void
need_mailbox(void)
{
	if (!is_in(&files.mailboxes))
		die(REJECT, user.key.s,
		    is_in(&files.aliases) ? " is an alias, not a mailbox"
					  : ": there is no such mailbox");
}

static void
need_domain(void)
{
	size_t at = address_domain(user.key.s, user.key.len);

	if (!user_edit_is_domain(&files.domains, user.key.s + at, user.key.len - at))
		die(REJECT, user.key.s + at,
		    " is not one of our domains (control/domains)");
}

/* Write key's line of users/passwords. */
static void
set_password(void)
{
	begin_line();
	text_catb(&text, hash.s, hash.len);
	user_edit_set(&files.passwords, user.key.s, user.key.len, text.s, text.len);
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
	take_address(argv[optind]);
	wrong = user_line_fit(user.key.s, user.key.len);
	if (wrong)
		die(REJECT, address, ": ", wrong);
	mailbox_owner(owner, &uid, &gid);
	if (has_password)
		take_password();

	begin_change();
	need_domain();
	if (is_in(&files.mailboxes))
		refuse(" is a mailbox already");
	if (is_in(&files.aliases))
		refuse(" is an alias already");
	begin_line();
	text_cat(&text, text_decimal(digits, uid), ":", (char *)NULL);
	text_cat(&text, text_decimal(digits, gid), ":", (char *)NULL);
	user_edit_set(&files.mailboxes, user.key.s, user.key.len, text.s, text.len);
	if (has_password)
		set_password();
	else
		user_edit_drop(&files.passwords, user.key.s, user.key.len);
	compile();
	/* The folders are there first: no mail may come for a mailbox that has none. */
	if (mailbox_make(user.key.s, uid, gid))
		carp(user.key.s, ": found a Maildir there, with the mail in it");
	end_change(&files.passwords, &files.mailboxes);
}

static void
do_passwd(int argc, char **argv)
{
	(void)argc;
	take_address(argv[1]);
	take_password();
	begin_change();
	need_mailbox();
	set_password();
	compile();
	end_change(&files.passwords, NULL);
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
	take_address(argv[1]);
	if (strcmp(argv[2], "default") != 0 &&
	    !text_number(argv[2], strlen(argv[2]), QUOTA_MAX, &quota))
		die(REJECT, argv[2], ": not a number of bytes, nor \"default\"");
	begin_change();
	need_mailbox();
	user_edit_find(&files.mailboxes, user.key.s, user.key.len, &line);
	wrong = user_line_mailbox(&old, line.s, line.len);
	if (wrong) {
		text_file_complain(USER_MAILBOXES, line.number, wrong, NULL);
		die(DEFER, "nothing is changed: correct this first");
	}
	begin_line();
	text_cat(&text, text_decimal(digits, old.uid), ":", (char *)NULL);
	text_cat(&text, text_decimal(digits, old.gid), ":", (char *)NULL);
	if (strcmp(argv[2], "default") != 0)
		text_cat(&text, text_decimal(digits, quota), (char *)NULL);
	user_edit_set(&files.mailboxes, user.key.s, user.key.len, text.s, text.len);
	compile();
	end_change(&files.mailboxes, NULL);
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
	if (user_edit_is_domain(&files.domains, key.s + at, key.len - at) &&
	    !user_edit_find(&files.mailboxes, key.s, key.len, &line) &&
	    !user_edit_find(&files.aliases, key.s, key.len, &line))
		carp("warning: there is no mailbox or alias ", key.s, " yet");
}

static void
do_alias(int argc, char **argv)
{
	static stralloc key;
	int i;

	take_address(argv[1]);
	begin_line();
	for (i = 2; i < argc; i++) {
		if (!address_is_mailbox(argv[i], strlen(argv[i])))
			die(REJECT, argv[i], ": not an address");
		address_key(&key, argv[i], strlen(argv[i]));
		if (stralloc_equal(&key, &user.key))
			die(REJECT, user.key.s, ": an alias can't be its own target");
		text_cat(&text, i > 2 ? ", " : " ", argv[i], (char *)NULL);
	}
	begin_change();
	need_domain();
	if (is_in(&files.mailboxes))
		die(REJECT, user.key.s, " is a mailbox already");
	for (i = 2; i < argc; i++)
		warn_target(argv[i]);
	user_edit_set(&files.aliases, user.key.s, user.key.len, text.s, text.len);
	compile();
	end_change(&files.aliases, NULL);
}

static void
do_remove(int argc, char **argv)
{
	static stralloc folder;

	(void)argc;
	take_address(argv[1]);
	begin_change();
	if (user_edit_drop(&files.aliases, user.key.s, user.key.len)) {
		compile();
		end_change(&files.aliases, NULL);
		return;
	}
	if (!user_edit_drop(&files.mailboxes, user.key.s, user.key.len))
		refuse(": there is no such mailbox or alias");
	user_edit_drop(&files.passwords, user.key.s, user.key.len);
	compile();
	end_change(&files.passwords, &files.mailboxes);
	if (users_folder(&folder, user.key.s) && access(folder.s, F_OK) == 0)
		carp(user.key.s, " is removed; its mail stays in ", home_path(), "/",
		    folder.s);
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
