#ifndef DKIM_KEY_CHECK_H
#define DKIM_KEY_CHECK_H

/* The keys of a domain compared with the DNS, and changed as it shows them. */

#include <time.h>

#include <stralloc.h>

#include "dkim/key_folder.h"

/* What is told, and asked. */
enum key_check_how {
	KEY_CHECK_ALL,
	KEY_CHECK_TODO,  /* not told: what is as it should be */
	KEY_CHECK_CHANGE /* told: what has been changed; keys that sign are not asked for
			  */
};

/*
 * Look at all keys of the folder: those that wait and that the DNS shows sign from now
 * on, in the place of those of their kind; those that were retired more than so many days
 * ago are removed.  What is to be told comes to text.  Returns ACCEPT, REJECT when the
 * DNS is not as it should be, or DEFER when it does not answer, or after having said why
 * a key could not be changed.
 */
int key_check_all(struct key_folder *folder, unsigned long long retire_days,
    enum key_check_how how, stralloc *text);

/* When the record of a key may go that was retired. */
time_t key_check_end(const struct key_folder_one *one, unsigned long long retire_days);

/* Append the day of a time, YEAR-MONTH-DAY. */
void key_check_put_day(stralloc *text, time_t at);

#endif
