/* What shim.c needs of a stack: write these functions for yours, and link them with
 * it. The stack has the address 192.0.2.1, the peer 192.0.2.2; ports are given.
 * Nothing else runs: the stack works within these calls, and its time is ours. */
#include <stdint.h>

struct answer {
	const char *told; /* done, waits, eof, reset, refused, timed-out, closing, none, unsupported, other */
	int octets;
};

#ifndef STACK_NAME
#define STACK_NAME "tiny-c"
#define STACK_VERSION "1"
#endif

void stack_reset(uint64_t seed, int buffer); /* a new host; room to be read, 0 is the stack's own */
struct answer stack_open(int active, uint16_t port, uint16_t peer_port);
struct answer stack_send(const uint8_t *text, int octets);
struct answer stack_receive(uint8_t *text, int octets);
struct answer stack_shutdown(void);
struct answer stack_close(void);
struct answer stack_abort(void);
void stack_input(const uint8_t *packet, int length); /* an IPv4 packet arrives */
void stack_run(int64_t now);                         /* timers that are due; microseconds */
int64_t stack_deadline(void);                        /* when the next timer fires, or -1 */
const char *stack_state(void);                       /* "ESTABLISHED", as in RFC 9293 */

void shim_output(const uint8_t *packet, int length); /* the stack sends an IPv4 packet */
