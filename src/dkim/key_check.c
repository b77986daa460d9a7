#include <stdio.h>
#include <string.h>

#include <errmsg.h>

#include "dkim/key_check.h"
#include "dkim/key_dns.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define DAY 86400

void
key_check_put_day(stralloc *text, time_t at)
{
	char buf[32];
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(buf, sizeof buf, "%Y-%m-%d", &tm);
	text_cat(text, buf, (char *)NULL);
}

time_t
key_check_end(const struct key_folder_one *one, unsigned long long retire_days)
{
	return one->since + (time_t)retire_days * DAY;
}

/* Returns 0, or -1 after having said why not. */
static int
change(const struct key_folder *folder, struct key_folder_one *one,
    enum key_folder_state state)
{
	if (key_folder_move(folder->domain, one, state) == -1) {
		carpsys(
		    "unable to change the key ", one->selector, " of ", folder->domain);
		return -1;
	}
	one->state = state;
	one->since = time(NULL);
	return 0;
}

/* The DNS shows the key next: it signs now, in the place of those of its kind. */
static int
take_over(struct key_folder *folder, struct key_folder_one *next, stralloc *text)
{
	struct key_folder_one *one;

	if (change(folder, next, KEY_FOLDER_SIGNS) == -1)
		return DEFER;
	for (one = folder->keys; one < folder->keys + folder->count; one++) {
		if (one == next || one->state != KEY_FOLDER_SIGNS ||
		    one->key.kind != next->key.kind)
			continue;
		if (change(folder, one, KEY_FOLDER_RETIRED) == -1)
			return DEFER;
		text_cat(text, folder->domain, " ", one->selector,
		    ": signs no more; keep its record for now\n", (char *)NULL);
	}
	return ACCEPT;
}

/* A key that signs. */
static int
check_signing(struct key_folder *folder, const struct key_folder_one *one,
    enum key_check_how how, stralloc *text)
{
	static const char *const words[] = {
	    [KEY_DNS_FITS] = "the DNS has it",
	    [KEY_DNS_MISSING] = "the DNS does not have it",
	    [KEY_DNS_OTHER] = "the DNS has another key there",
	    [KEY_DNS_NO_ANSWER] = "the DNS does not answer",
	};
	enum key_dns_state state = key_dns_look(folder, one);

	if (state != KEY_DNS_FITS || how == KEY_CHECK_ALL)
		text_cat(text, folder->domain, " ", one->selector, ": ", words[state],
		    "\n", (char *)NULL);
	return state == KEY_DNS_FITS        ? ACCEPT
	       : state == KEY_DNS_NO_ANSWER ? DEFER
					    : REJECT;
}

/* A key that is to sign as soon as the DNS shows it. */
static int
check_waiting(struct key_folder *folder, struct key_folder_one *one,
    enum key_check_how how, stralloc *text)
{
	enum key_dns_state state = key_dns_look(folder, one);

	if (how == KEY_CHECK_CHANGE && state != KEY_DNS_FITS)
		return ACCEPT;
	text_cat(text, folder->domain, " ", one->selector,
	    state == KEY_DNS_FITS ? ": the DNS has it: it signs from now on\n"
				  : ": it will sign when the DNS has it\n",
	    (char *)NULL);
	if (state == KEY_DNS_FITS)
		return take_over(folder, one, text);
	return state == KEY_DNS_NO_ANSWER ? DEFER : ACCEPT;
}

static int
check_retired(const struct key_folder *folder, const struct key_folder_one *one,
    unsigned long long retire_days, enum key_check_how how, stralloc *text)
{
	time_t end = key_check_end(one, retire_days);

	if (end <= time(NULL)) {
		if (key_folder_remove(folder->domain, one) == -1) {
			carpsys("unable to remove the key ", one->selector, " of ",
			    folder->domain);
			return DEFER;
		}
		text_cat(text, folder->domain, " ", one->selector,
		    ": is gone; take its record out of the DNS\n", (char *)NULL);
	} else if (how == KEY_CHECK_ALL) {
		text_cat(text, folder->domain, " ", one->selector,
		    ": signs no more; keep its record until ", (char *)NULL);
		key_check_put_day(text, end);
		text_cat(text, "\n", (char *)NULL);
	}
	return ACCEPT;
}

int
key_check_all(struct key_folder *folder, unsigned long long retire_days,
    enum key_check_how how, stralloc *text)
{
	int worst = ACCEPT, is_signed = 0, r;
	struct key_folder_one *one;

	for (one = folder->keys; one < folder->keys + folder->count; one++) {
		is_signed |= one->state == KEY_FOLDER_SIGNS;
		if (one->state == KEY_FOLDER_SIGNS && how == KEY_CHECK_CHANGE)
			r = ACCEPT;
		else if (one->state == KEY_FOLDER_SIGNS)
			r = check_signing(folder, one, how, text);
		else if (one->state == KEY_FOLDER_WAITS)
			r = check_waiting(folder, one, how, text);
		else
			r = check_retired(folder, one, retire_days, how, text);
		if (r == DEFER || worst == ACCEPT)
			worst = r;
	}
	if (is_signed || how == KEY_CHECK_CHANGE)
		return worst;
	text_cat(text, folder->domain, ": no key signs its messages\n", (char *)NULL);
	return worst == DEFER ? DEFER : REJECT;
}
