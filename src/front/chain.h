#ifndef FRONT_CHAIN_H
#define FRONT_CHAIN_H

/*
 * What the chain-loaders before smtp-recv share: they look at the connection on
 * descriptors 0 and 1, and become the next program.
 */

/* Log the usage, say reply unless it is null, and end with DEFER. */
void chain_misuse(const char *reply, const char *usage) __attribute__((noreturn));

/*
 * What ask() says in the home, where control/ is; the working directory of the programs
 * after us stays what it was.  -1 after having logged why it can't be asked.
 */
int chain_ask_home(int (*ask)(void));

/* Become argv, or farewell_fail. */
void chain_exec(const char *reply, char **argv) __attribute__((noreturn));

/*
 * The number between 1 and max that s is, or chain_misuse.
 */
unsigned chain_number(
    const char *reply, const char *usage, const char *s, unsigned long long max);

#endif
