/* A tiny TCP to try shim.c with: one connection, segments in order alone, one
 * timer, no options. It is no example of how to write TCP. */
#include <string.h>

#include "stack.h"

enum { CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT };
static const char *names[] = {"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"};
enum { FIN = 1, SYN = 2, RST = 4, ACK = 16, SECOND = 1000000, ROOM = 1000 };

static struct {
	int state, reset, ended, fin; /* fin: the user has sent one */
	uint16_t port, peer_port;
	uint32_t iss, una, nxt, rcv;
	uint8_t out[ROOM], in[ROOM]; /* sent and not acknowledged; not read */
	int outs, ins, tries;
	int64_t now, deadline;
} t;

static void put16(uint8_t *p, uint32_t v) { p[0] = v >> 8, p[1] = v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16), put16(p + 2, v); }
static uint32_t get16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static uint32_t get32(const uint8_t *p) { return get16(p) << 16 | get16(p + 2); }

static uint16_t sum(uint32_t s, const uint8_t *p, int n) {
	for (; n > 1; p += 2, n -= 2) s += get16(p);
	if (n) s += p[0] << 8;
	while (s >> 16) s = (s & 0xffff) + (s >> 16);
	return s;
}

static void emit(int bits, uint32_t seq, uint32_t ack, const uint8_t *text, int n) {
	uint8_t p[40 + ROOM] = {0x45};
	put16(p + 2, 40 + n), p[8] = 64, p[9] = 6;
	put32(p + 12, 0xc0000201), put32(p + 16, 0xc0000202), put16(p + 10, ~sum(0, p, 20));
	put16(p + 20, t.port), put16(p + 22, t.peer_port), put32(p + 24, seq);
	if (bits & ACK) put32(p + 28, ack);
	p[32] = 5 << 4, p[33] = bits;
	if (!(bits & RST)) put16(p + 34, ROOM - t.ins);
	memcpy(p + 40, text, n);
	put16(p + 36, ~sum(sum(6 + 20 + n, p + 12, 8), p + 20, 20 + n));
	shim_output(p, 40 + n);
}

static void ack(void) { emit(ACK, t.nxt, t.rcv, t.out, 0); }

/* resend sends again all that is not acknowledged. */
static void resend(void) {
	if (t.state == SYN_SENT) emit(SYN, t.iss, 0, t.out, 0);
	else if (t.state == SYN_RECEIVED) emit(SYN | ACK, t.iss, t.rcv, t.out, 0);
	else emit(ACK | (t.fin ? FIN : 0), t.una, t.rcv, t.out, t.outs);
}

static void arm(void) { t.deadline = t.una == t.nxt ? -1 : t.now + (SECOND << (t.tries > 6 ? 6 : t.tries)); }
static void enter_time_wait(void) { t.state = TIME_WAIT, t.deadline = t.now + 60 * SECOND; }
static void gone(int reset) { t.state = CLOSED, t.reset = reset, t.outs = 0, t.deadline = -1; }

void stack_reset(uint64_t seed, int buffer) {
	(void)buffer;
	memset(&t, 0, sizeof t);
	t.iss = 0x10000000 + (uint32_t)seed, t.deadline = -1;
}

struct answer stack_open(int active, uint16_t port, uint16_t peer_port) {
	if (t.state != CLOSED) return (struct answer){"other", 0};
	t.port = port, t.peer_port = peer_port, t.reset = t.ended = t.fin = t.outs = t.ins = t.tries = 0;
	t.una = t.iss, t.nxt = t.iss + active, t.state = active ? SYN_SENT : LISTEN;
	if (active) resend(), arm();
	return (struct answer){"done", 0};
}

struct answer stack_send(const uint8_t *text, int n) {
	if (t.reset) return t.reset = 0, (struct answer){"reset", 0};
	if (t.state != ESTABLISHED && t.state != CLOSE_WAIT) return (struct answer){t.state == CLOSED ? "none" : t.fin ? "closing" : "waits", 0};
	if (n > ROOM - t.outs) n = ROOM - t.outs;
	if (!n) return (struct answer){"waits", 0};
	memcpy(t.out + t.outs, text, n);
	emit(ACK, t.nxt, t.rcv, text, n);
	t.outs += n, t.nxt += n, arm();
	return (struct answer){"done", n};
}

struct answer stack_receive(uint8_t *text, int n) {
	if (!t.ins && t.reset) return t.reset = 0, (struct answer){"reset", 0};
	if (!t.ins) return (struct answer){t.ended ? "eof" : t.state == CLOSED ? "none" : "waits", 0};
	if (n > t.ins) n = t.ins;
	memcpy(text, t.in, n), memmove(t.in, t.in + n, t.ins -= n);
	return (struct answer){"done", n};
}

struct answer stack_shutdown(void) {
	if (t.state == LISTEN || t.state == SYN_SENT) return gone(0), (struct answer){"done", 0};
	if (t.fin || t.state == CLOSED) return (struct answer){t.fin ? "closing" : "none", 0};
	t.state = t.state == CLOSE_WAIT ? LAST_ACK : FIN_WAIT_1;
	emit(FIN | ACK, t.nxt++, t.rcv, t.out, 0), t.fin = 1, arm();
	return (struct answer){"done", 0};
}

struct answer stack_close(void) { return stack_shutdown(); }

struct answer stack_abort(void) {
	if (t.state == CLOSED) return (struct answer){"none", 0};
	if ((t.state >= SYN_RECEIVED && t.state <= CLOSE_WAIT)) emit(RST | ACK, t.nxt, t.rcv, t.out, 0);
	return gone(0), (struct answer){"done", 0};
}

/* acked takes the acknowledgement of a segment. It returns 0 if the segment is
 * not to be looked at any more. */
static int acked(uint32_t number) {
	if ((int32_t)(number - t.nxt) > 0) return ack(), 0;
	int n = number - t.una, all = number == t.nxt;
	if (n <= 0) return 1;
	if (t.state == SYN_RECEIVED || t.state == SYN_SENT) t.state = ESTABLISHED, n--;
	if (n > t.outs) n = t.outs;
	memmove(t.out, t.out + n, t.outs -= n);
	t.una = number, t.tries = 0, arm();
	if (!t.fin || !all) return 1;
	t.state = t.state == FIN_WAIT_1 ? FIN_WAIT_2 : t.state;
	if (t.state == CLOSING) enter_time_wait();
	if (t.state == LAST_ACK) return gone(0), 0;
	return 1;
}

void stack_input(const uint8_t *p, int length) {
	const uint8_t *s = p + 20;
	int head = (s[12] >> 4) * 4, n = length - 20 - head, bits = s[13];
	uint32_t seq = get32(s + 4), number = get32(s + 8);
	if (t.state == CLOSED || (t.state == LISTEN && bits & ACK)) {
		if (bits & RST) return;
		if (bits & ACK) return emit(RST, number, 0, t.out, 0);
		return emit(RST | ACK, 0, seq + n + (bits & SYN ? 1 : 0) + (bits & FIN ? 1 : 0), t.out, 0);
	}
	if (t.state == LISTEN) {
		if (bits & RST || !(bits & SYN)) return;
		t.rcv = seq + 1, t.nxt = t.iss + 1, t.state = SYN_RECEIVED;
		return resend(), arm();
	}
	if (t.state == SYN_SENT) {
		if (bits & ACK && number != t.nxt) { if (!(bits & RST)) emit(RST, number, 0, t.out, 0); return; }
		if (bits & RST) { if (bits & ACK) gone(1); return; }
		if (!(bits & SYN)) return;
		t.rcv = seq + 1;
		if (!(bits & ACK)) { t.state = SYN_RECEIVED, resend(); return; }
		acked(number), ack();
		return;
	}
	if (bits & RST) { if (seq == t.rcv) gone(t.state < CLOSING); return; }
	if (seq != t.rcv || bits & SYN || n > ROOM - t.ins) { /* a FIN again restarts TIME-WAIT */
		if (t.state == TIME_WAIT && bits & FIN) enter_time_wait();
		return ack();
	}
	if (!(bits & ACK) || !acked(number)) return;
	if (t.ended) n = bits = 0;
	memcpy(t.in + t.ins, s + head, n), t.ins += n, t.rcv += n;
	if (bits & FIN) {
		t.rcv++, t.ended = 1;
		if (t.state == ESTABLISHED) t.state = CLOSE_WAIT;
		else if (t.state == FIN_WAIT_1) t.state = CLOSING;
		else if (t.state == FIN_WAIT_2) enter_time_wait();
	}
	if (n || bits & FIN) ack();
}

void stack_run(int64_t now) {
	t.now = now;
	if (t.deadline < 0 || t.deadline > now) return;
	if (t.state == TIME_WAIT) return gone(0);
	t.tries++, resend(), arm();
}

int64_t stack_deadline(void) { return t.deadline; }
const char *stack_state(void) { return names[t.state]; }
