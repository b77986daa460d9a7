#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "admin/tls_check.h"
#include "lib/control.h"
#include "lib/deadline.h"
#include "lib/lower.h"
#include "lib/spawn_output.h"
#include "lib/text.h"

#define FOLDER "tls"
#define TICKETS "tls/tickets"
#define DAYS "1209600" /* in seconds: fourteen */
#define PATIENCE 5000  /* milliseconds for all of them */
#define ANSWER_MAX 16384

#define END "-----END PUBLIC KEY-----"

/* What one look works on. */
struct look {
	stralloc me;     /* control/me, in lower case */
	struct stat tls; /* of the folder, whose group is that of tls-wrap */
	uid_t wrap;      /* whose the tickets are: the uid of tls-wrap */
	int64_t at;      /* when it has to end */
	stralloc out;    /* what openssl has written last */
	stralloc wanted; /* the public key of the certificate */
	int is_over;     /* no more can be asked */
};

/* The files of a pair, and the name that it is for. */
struct pair {
	stralloc certificate;
	stralloc key;
	const char *name;
};

static int
is_host_name(const char *name)
{
	return *name != '.' && *name != '\0' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0';
}

/*
 * What openssl(1) answers, whatever its exit code is, a C string; null when there is no
 * answer, after having said so once.
 */
static char *
ask(struct look *look, const char *const *argv)
{
	if (look->is_over)
		return NULL;
	if (spawn_output(argv, &look->out, ANSWER_MAX, 1, look->at) != -1)
		return look->out.s;
	look->is_over = 1;
	if (errno == ENOENT)
		carp("warning: certificates are not looked at: there is no openssl(1)");
	else
		carpsys("warning: certificates are not looked at: openssl");
	return NULL;
}

/* The public key in PEM that openssl has written, as a C string; null when there is none.
 */
static char *
cut_key(char *out)
{
	char *begin = strstr(out, "-----BEGIN PUBLIC KEY-----");
	char *end = begin != NULL ? strstr(begin, END) : NULL;

	if (end == NULL)
		return NULL;
	end[sizeof END - 1] = '\0';
	return begin;
}

static void
check_mode(const struct look *look, const char *path, const struct stat *st)
{
	int is_group = st->st_gid == look->tls.st_gid || st->st_gid == 0;

	if ((st->st_mode & (S_IRWXO | S_IWGRP)) || (!is_group && (st->st_mode & S_IRGRP)))
		carp("warning: ", path, ": others can read or write the key");
	else if (st->st_uid != 0 && st->st_uid != look->tls.st_uid &&
		 st->st_uid != look->wrap)
		carp("warning: ", path, ": the key belongs to another user");
	else if (st->st_uid == 0 && look->tls.st_gid != 0 &&
		 !(st->st_gid == look->tls.st_gid && (st->st_mode & S_IRGRP)))
		carp("warning: ", path, ": tls-wrap can't read the key, only root can");
}

/* Is the file there, and to be read by us?  Otherwise it is named. */
static int
is_readable(const char *path)
{
	if (access(path, R_OK) == 0)
		return 1;
	/* that an ordinary user can't read a key is as it should be */
	if (errno != EACCES || geteuid() == 0)
		carpsys("warning: unable to read ", path);
	return 0;
}

/* Does the key belong to the certificate? */
static void
check_key(struct look *look, const struct pair *pair)
{
	const char *const argv[] = {
	    "openssl", "pkey", "-pubout", "-passin", "pass:", "-in", pair->key.s, NULL};
	const char *has;
	struct stat st;
	char *out;

	if (stat(pair->key.s, &st) == 0)
		check_mode(look, pair->key.s, &st);
	if (!is_readable(pair->key.s))
		return;
	out = ask(look, argv);
	if (out == NULL)
		return;
	has = cut_key(out);
	if (has == NULL)
		carp("warning: ", pair->key.s, ": no key, or one with a password");
	else if (strcmp(has, look->wanted.s) != 0)
		carp("warning: ", pair->key.s, ": not the key of ", pair->certificate.s);
}

/* Is the certificate past its last day, or within fourteen days of it? */
static void
check_end(struct look *look, const struct pair *pair)
{
	const char *const argv[] = {"openssl", "x509", "-noout", "-enddate", "-checkend",
	    DAYS, "-in", pair->certificate.s, NULL};
	char *out = ask(look, argv), *date;

	if (out == NULL || strstr(out, "will expire") == NULL)
		return;
	date = strchr(out, '=');
	if (date == NULL)
		return;
	date++;
	date[strcspn(date, "\n")] = '\0';
	carp("warning: ", pair->certificate.s, ": the certificate ends at ", date,
	    ": renew it");
}

static void
check_pair(struct look *look, const struct pair *pair)
{
	const char *const argv[] = {"openssl", "x509", "-noout", "-pubkey", "-checkhost",
	    pair->name, "-in", pair->certificate.s, NULL};
	const char *key;
	int is_other;
	char *out;

	if (!is_readable(pair->certificate.s))
		return;
	out = ask(look, argv);
	if (out == NULL)
		return;
	is_other = strstr(out, "does NOT match") != NULL;
	key = cut_key(out);
	if (key == NULL) {
		carp("warning: ", pair->certificate.s, ": no certificate");
		return;
	}
	text_set(&look->wanted, key);
	if (is_other)
		carp("warning: ", pair->certificate.s, ": the certificate is not for ",
		    pair->name);
	check_end(look, pair);
	check_key(look, pair);
}

static void
name_file(stralloc *path, const char *folder, const char *kind, const char *suffix)
{
	text_set(path, FOLDER "/");
	text_cat(path, folder, "/", kind, suffix, ".pem", (char *)NULL);
	text_terminate(path);
}

/* The pairs of tls/folder. */
static void
check_folder(struct look *look, const char *folder)
{
	static const char *const suffixes[] = {"", "-rsa"};
	static struct pair pair;
	static stralloc name;
	size_t i;

	/* a wildcard is tried with a name of its kind */
	text_set(&name, *folder == '_' ? "any" : "");
	text_cat(&name, folder + (*folder == '_'), (char *)NULL);
	text_terminate(&name);
	pair.name = name.s;
	for (i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		name_file(&pair.certificate, folder, "cert", suffixes[i]);
		name_file(&pair.key, folder, "key", suffixes[i]);
		if (*suffixes[i] == '\0' || access(pair.certificate.s, F_OK) == 0)
			check_pair(look, &pair);
	}
}

/* Is there a folder for control/me?  If not, what must change with the name is told. */
static void
check_me(const char *me)
{
	static stralloc folder;

	text_set(&folder, FOLDER "/");
	text_cat(&folder, me, (char *)NULL);
	text_terminate(&folder);
	if (access(folder.s, F_OK) == 0 || errno != ENOENT)
		return;
	carp("warning: no certificate for control/me: there is no ", folder.s,
	    " (mail-setup makes one); TLS goes on with the certificate of another name");
	carp("warning: if control/me is new, change with it: A and AAAA records of ", me,
	    ", the PTR records of its addresses, MX and SPF records with the old name, "
	    "the server's name in mail programs");
}

void
tls_check(void)
{
	static struct look look;
	const struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (stat(FOLDER, &look.tls) == -1 && errno == ENOENT)
		return;
	dir = opendir(FOLDER);
	if (dir == NULL) {
		carpsys("warning: unable to look into " FOLDER);
		return;
	}
	look.wrap = stat(TICKETS, &st) == 0 ? st.st_uid : look.tls.st_uid;
	look.at = deadline_now() + PATIENCE;
	if (control_line("me", &look.me, NULL) == 1) {
		text_terminate(&look.me);
		lower_string(look.me.s);
		check_me(look.me.s);
	}
	while ((entry = readdir(dir)) != NULL)
		if (is_host_name(entry->d_name) && strcmp(entry->d_name, "tickets") != 0)
			check_folder(&look, entry->d_name);
	closedir(dir);
}
