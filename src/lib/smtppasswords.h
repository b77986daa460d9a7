#ifndef LIB_SMTPPASSWORDS_H
#define LIB_SMTPPASSWORDS_H

/* What we say to servers that want authentication of us: control/smtppasswords. */

#include <sys/stat.h>

#include <stralloc.h>

#define SMTPPASSWORDS_FILE "control/smtppasswords"
#define SMTPPASSWORD_HOST_MAX 255

/* A line of it.  Zeroed to begin with, used again. */
struct smtppassword {
	char host[SMTPPASSWORD_HOST_MAX + 1]; /* brackets removed */
	unsigned port;                        /* 0: any */
	stralloc user;
	stralloc secret; /* the password, or the path of a file that holds a token */
	int is_token;
	int is_insecure; /* it may go over clear text, or to whoever answers */
};

/*
 * Parse HOST[:PORT] USER PASSWORD, or token:FILE in the place of PASSWORD, and perhaps
 * " insecure".  PASSWORD may have blanks inside.  Returns 1, or 0 when it is malformed.
 */
int smtppasswords_parse(struct smtppassword *p, const char *line);

/*
 * May a file that is so hold passwords of the user uid, whose group is gid?  It must be
 * his or root's, and nobody else may read it, but for his group where root or he owns it.
 * Returns null, or what is wrong.
 */
const char *smtppasswords_wrong(const struct stat *st, uid_t uid, gid_t gid);

/*
 * Find the line for a host and port in the home: the first with that port, else the first
 * without one.  Returns 1; 0 when there is none; -1 and *wrong, when the file can't be
 * used or the line is malformed.
 */
int smtppasswords_find(
    struct smtppassword *p, const char *host, unsigned port, const char **wrong);

/* Overwrite and free what it holds. */
void smtppasswords_forget(struct smtppassword *p);

#endif
