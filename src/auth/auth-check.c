/* auth-check: check a name and a password, and run a program as the mailbox's owner. */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "auth/account.h"
#include "auth/request.h"
#include "auth/scram_exchange.h"
#include "auth/throttle.h"
#include "lib/credentials.h"
#include "lib/deadline.h"
#include "lib/fdpass.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define CREDENTIALS_FD 3
#define REFUSED 1 /* checkpassword's exit codes; the third is DEFER */
#define MISUSED 2
#define MALFORMED (-1)
#define SECONDS 30 /* for a client of the socket to go on with what it began */

static struct account account = {.mark = -1};

/* May client guess user's password now?  ACCEPT, or DEFER with the reason. */
static int
begin_guess(struct throttle *throttle, const char *user, const char *client)
{
	stralloc key = {0};
	int r = DEFER;

	/* Joe and joe@example.org are one. */
	throttle->table.fd = -1;
	if (account_key(&account, &key, user)) {
		r = throttle_begin(throttle, client, key.s) ? ACCEPT : DEFER;
		if (r == DEFER)
			account.reason = "too many guesses at once";
	}
	stralloc_free(&key);
	return r;
}

/*
 * Log the verdict on user, asked at the time begin, and let a refusal take its time;
 * whose password is right does not wait for others.
 */
static int
conclude(struct throttle *throttle, int verdict, const char *user, const char *client,
    const char *password, int64_t begin)
{
	unsigned wait = 0, count = 0;
	char failures[DECIMAL_MAX];

	if (verdict == REJECT)
		wait = throttle_fail(throttle, password, &count);
	else if (verdict == ACCEPT)
		throttle_succeed(throttle);
	text_decimal(failures, count);
	/* The client stands first: a name of any length must not push it out of the line.
	 */
	log_event(NULL,
	    verdict == ACCEPT   ? "authenticated"
	    : verdict == REJECT ? "refused"
				: "deferred",
	    "client", *client != '\0' ? client : NULL, "user", user, "reason",
	    verdict != ACCEPT ? account.reason : NULL, "failures",
	    verdict == REJECT && *client != '\0' ? failures : NULL, (char *)NULL);
	if (wait > 0)
		deadline_wait(-1, 0, begin + wait);
	throttle_end(throttle);
	return verdict;
}

/* The verdict on the credentials; MALFORMED. */
static int
judge(struct credentials *credentials, const char *s, size_t len)
{
	struct throttle throttle;
	int64_t begin = deadline_now();
	int verdict;

	if (!credentials_parse(credentials, s, len))
		return MALFORMED;
	verdict = begin_guess(&throttle, credentials->user, credentials->client);
	if (verdict == ACCEPT && len <= CREDENTIALS_MAX) {
		verdict = account_check(&account, credentials);
	} else if (verdict == ACCEPT) {
		verdict = REJECT;
		account.reason = "too long";
	}
	verdict = conclude(&throttle, verdict, credentials->user, credentials->client,
	    credentials->password, begin);
	explicit_bzero((char *)credentials->password, strlen(credentials->password));
	return verdict;
}

static void
become(const struct credentials *credentials)
{
	if (account_become(&account, credentials) == -1)
		diesys(DEFER, "unable to become the owner of ", account.folder.s);
}

/* Read the descriptor to its end.  Returns the length, more than CREDENTIALS_MAX when too
 * long. */
static size_t
read_credentials(char s[CREDENTIALS_MAX + 1])
{
	size_t len = 0;
	ssize_t r;

	while (len <= CREDENTIALS_MAX) {
		r = read(CREDENTIALS_FD, s + len, CREDENTIALS_MAX + 1 - len);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			diesys(DEFER, "unable to read descriptor 3");
		if (r == 0)
			break;
		len += (size_t)r;
	}
	close(CREDENTIALS_FD);
	return len;
}

static int
misuse(void)
{
	carp("usage: auth-check program [argument...], or auth-check -s [program "
	     "[argument...]]");
	return MISUSED;
}

/* The interface of checkpassword. */
static int
check_once(char **program)
{
	static char s[CREDENTIALS_MAX + 1];
	struct credentials credentials;
	size_t len;
	int verdict;

	len = read_credentials(s);
	if (len > CREDENTIALS_MAX)
		return REFUSED;
	verdict = judge(&credentials, s, len);
	if (verdict == MALFORMED)
		carp("descriptor 3 does not hold a name, a password and a time");
	if (verdict != ACCEPT)
		return verdict == MALFORMED ? MISUSED
		       : verdict == REJECT  ? REFUSED
					    : DEFER;
	become(&credentials);
	execvp(program[0], program);
	diesys(DEFER, "unable to run ", program[0]);
}

/* With K goes the mark of the login, where it can: to see whether that has been ended. */
static int
answer_bytes(char letter, const char *s, size_t len)
{
	stralloc content = {0}, sa = {0};
	ssize_t sent = 0;
	int r;

	text_catb(&content, &letter, 1);
	text_catb(&content, s, len);
	netstring_put(&sa, content.s, content.len);
	if (letter == 'K' && account.mark != -1)
		sent = fdpass_send(1, sa.s, sa.len, account.mark);
	if (sent == -1)
		sent = 0;
	r = deadline_write_all(1, sa.s + sent, sa.len - (size_t)sent, SECONDS);
	stralloc_free(&content);
	stralloc_free(&sa);
	return r;
}

static int
answer(char letter, const char *text)
{
	return answer_bytes(letter, text, strlen(text));
}

static int
answer_refusal(int verdict)
{
	return verdict == REJECT ? answer('D', "authentication failed")
				 : answer('Z', "unable to check the password now");
}

/* K with the address, and what the client shall hear that we know its password, too. */
static int
answer_proved(const stralloc *words)
{
	stralloc content = {0};
	int r;

	text_catb(&content, account.user.address.s, account.user.address.len);
	text_catb(&content, "", 1);
	text_catb(&content, words->s, words->len);
	r = answer_bytes('K', content.s, content.len);
	stralloc_free(&content);
	return r;
}

/* A step of SCRAM: the question begins with a null byte, as no credentials do. */
static int
answer_step(const char *s, size_t len)
{
	static struct scram_exchange exchange;
	struct scram_question question;
	struct throttle throttle = {.table.fd = -1};
	stralloc reply = {0};
	int64_t begin = deadline_now();
	int r, verdict, first = len > 1 && s[1] != '\0';

	if (first ? !scram_exchange_question_parse(&question, s, len)
		  : len < 2 || exchange.name.s == NULL) {
		errno = EPROTO;
		return -1;
	}
	if (first) {
		verdict = account_challenge(&account, &exchange, &question, &reply);
	} else {
		verdict = begin_guess(&throttle, exchange.name.s, exchange.client.s);
		if (verdict == ACCEPT)
			verdict =
			    account_prove(&account, &exchange, s + 2, len - 2, &reply);
	}
	if (verdict != ACCEPT || !first)
		conclude(
		    &throttle, verdict, exchange.name.s, exchange.client.s, NULL, begin);
	if (verdict != ACCEPT)
		r = answer_refusal(verdict);
	else if (first)
		r = answer_bytes('C', reply.s, reply.len);
	else
		r = answer_proved(&reply);
	stralloc_free(&reply);
	return r;
}

/*
 * Run the program on the client's connection, as the owner.  It must not be talked
 * to by two: if the one who asked has given up, his K fails, and we leave it to him.
 */
static int
hand_over(int client, char **program, const struct credentials *credentials)
{
	if (client == -1) {
		answer('Z', "no connection came with the credentials");
		die(DEFER, "no connection came with the credentials");
	}
	if (account_become(&account, credentials) == -1) {
		carpsys("unable to become the owner of ", account.folder.s);
		answer('Z', "unable to become the owner of the mailbox");
		return DEFER;
	}
	if (answer('K', account.user.address.s) == -1)
		diesys(DEFER, "unable to answer");
	if (dup2(client, 0) == -1 || dup2(client, 1) == -1)
		diesys(DEFER, "unable to take over the connection");
	signal(SIGPIPE, SIG_DFL);
	execvp(program[0], program);
	diesys(DEFER, "unable to run ", program[0]);
}

/* Answer the questions of one connection on descriptors 0 and 1. */
static int
serve(char **program)
{
	static struct request request;
	struct credentials credentials;
	int r, verdict;

	signal(SIGPIPE, SIG_IGN);
	while ((r = request_read(&request, 0, SECONDS)) == 1) {
		if (*program == NULL && request.s[request.start] == '\0') {
			if (answer_step(request.s + request.start, request.size) == -1)
				diesys(DEFER, "unable to answer a step of SCRAM");
			request_forget(&request);
			continue;
		}
		verdict = judge(&credentials, request.s + request.start, request.size);
		if (verdict == ACCEPT && *program != NULL)
			return hand_over(request.client, program, &credentials);
		if (verdict == ACCEPT)
			r = answer('K', account.user.address.s);
		else
			r = answer_refusal(verdict);
		request_forget(&request);
		if (r == -1)
			diesys(DEFER, "unable to answer");
	}
	if (r == -1) {
		carpsys("unable to read a request");
		answer('Z', "malformed request");
	}
	return r == 0 ? ACCEPT : DEFER;
}

int
main(int argc, char **argv)
{
	int server = argc > 1 && strcmp(argv[1], "-s") == 0;

	errmsg_iam("auth-check");
	if (!server && (argc < 2 || *argv[1] == '-'))
		return misuse();
	home_enter();
	return server ? serve(argv + 2) : check_once(argv + 1);
}
