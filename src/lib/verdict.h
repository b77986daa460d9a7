#ifndef LIB_VERDICT_H
#define LIB_VERDICT_H

/* The exit codes of our own programs. */
#define ACCEPT 0
#define REJECT 100 /* for good: a judgement on this message or address */
#define DEFER 111  /* not now: anything wrong with us, wrong usage included */

/*
 * The verdict of a child that ended with the given wait(2) status.
 * Whatever is not foreseen, death by a signal included, is DEFER.
 */
int verdict_of(int status);

/* The same for a sink, which rejects with the codes of qmail-queue, 11 to 40. */
int verdict_of_sink(int status);

/* Let the verdict on several be how, unless it is worse already. */
void verdict_worsen(int *verdict, int how);

/* 'K', 'D' or 'Z': how a verdict is written in replies and answers. */
char verdict_letter(int verdict);

/* The verdict that a letter stands for; any other letter than K and D is DEFER. */
int verdict_from_letter(char letter);

#endif
