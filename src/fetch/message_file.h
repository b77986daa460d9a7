#ifndef FETCH_MESSAGE_FILE_H
#define FETCH_MESSAGE_FILE_H

/* Opening a message's file, wherever another program has moved it. */

#include <stdint.h>

#include "fetch/maildrop.h"

/*
 * Open the message's file.  Returns the descriptor, or -1 with errno; with ENOENT the
 * message is gone.  Finds a file that another program moved to cur/ or gave other flags.
 */
int message_file_open(struct maildrop *drop, struct maildrop_message *message);

/*
 * Find out how many octets RETR will send.  The name is believed when it is our own (the
 * sizes that other programs write do not agree about CR and unfinished lines), else the
 * file is read.  Returns 0, or -1 with errno as message_file_open.
 */
int message_file_measure(struct maildrop *drop, struct maildrop_message *message);

/*
 * Take the size of the file, or what its name says of it, for the octets of a message
 * that can't be read.
 */
void message_file_estimate(struct maildrop *drop, struct maildrop_message *message);

/*
 * The message was sent and had so many octets.  If the name said otherwise, it is
 * corrected there, so that the next session is told the truth.
 */
void message_file_correct(
    struct maildrop *drop, struct maildrop_message *message, uint64_t octets);

/* Remove the message's file.  Returns 0 when it is no longer there, or -1 with errno. */
int message_file_remove(struct maildrop *drop, struct maildrop_message *message);

/* Move the message from new/ to cur/ as seen, if it is still there. */
void message_file_mark_seen(struct maildrop *drop, struct maildrop_message *message);

/*
 * Make the removals durable and note them in maildirsize.  Returns 0, or -1 with errno
 * when they may not survive a crash.
 */
int message_file_sync_removals(struct maildrop *drop);

#endif
