#ifndef SEND_REMOTE_PATH_H
#define SEND_REMOTE_PATH_H

/* Addresses that can stand in a command. */

/*
 * Can the address s stand between < and > in a command without ending it: no
 * control character, and blanks and brackets only inside quotes?  Whether it is an
 * address is for the server to say.
 */
int remote_path_is_sound(const char *s);

#endif
