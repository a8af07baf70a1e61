/* The line protocol of package adapter, version 1, for a stack that stack.h
 * describes. It is short on purpose: copy it, and change what your stack needs.
 * Build it with -D_GNU_SOURCE. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stack.h"

static const char letters[] = "FSRP.UEW"; /* control bits from the lowest, as in the header */
static const uint32_t peer_isn = 0x5eed0000;
static uint32_t isn; /* where the stack's numbers begin: learned from its SYN */
static int known, failed, parts, wrote, got, active;
static int64_t now;

static void put16(uint8_t *p, uint32_t v) { p[0] = v >> 8, p[1] = v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16), put16(p + 2, v); }
static uint32_t get16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static uint32_t get32(const uint8_t *p) { return get16(p) << 16 | get16(p + 2); }
static uint8_t octet(int32_t n) { return 'a' + (uint32_t)n % 26; } /* of text, by its number */
static const char *comma(void) { return parts++ ? ", " : ""; }

static uint16_t sum(uint32_t s, const uint8_t *p, int n) {
	for (; n > 1; p += 2, n -= 2) s += get16(p);
	if (n) s += p[0] << 8;
	while (s >> 16) s = (s & 0xffff) + (s >> 16);
	return s;
}

static void fail(const char *why, const char *what) {
	printf("%serror %s: %s", comma(), why, what);
	failed = 1;
}

void shim_output(const uint8_t *p, int length) {
	const uint8_t *t = p + (p[0] & 15) * 4;
	int ip = t - p, head = (t[12] >> 4) * 4, text = length - ip - head, bits = t[13];
	if (bits & 2 && !known) isn = get32(t + 4), known = 1;
	int32_t seq = get32(t + 4) - isn;
	/* With ACK, an RST of a connection has SND.NXT, which is hardly ever 0. */
	int raw = bits & 4 && !get32(t + 4) && (bits & 16 || seq > 1 << 20 || seq < -(1 << 20));
	printf("%sout %lld ", comma(), (long long)now);
	for (const char *l = "SFRPUEW."; *l; l++)
		if (bits >> (strchr(letters, *l) - letters) & 1) putchar(*l);
	if (!bits) putchar('-');
	printf(" %d %d %d %d", raw ? 0 : seq, bits & 16 ? (int32_t)(get32(t + 8) - peer_isn) : 0, (int)get16(t + 14), text);
	if (raw) printf(" raw");
	for (const uint8_t *o = t + 20; o < t + head && *o; o += *o == 1 ? 1 : o[1] < 2 ? 60 : o[1])
		if (*o == 2) printf(" mss=%d", (int)get16(o + 2));
	if (sum(sum(6 + length - ip, p + 12, 8), t, length - ip) != 0xffff || sum(0, p, ip) != 0xffff)
		printf(", wrong checksum");
	for (int i = 0; i < text && !(bits & 4); i++)
		if (t[head + i] != octet(seq + (bits >> 1 & 1) + i)) { printf(", wrong text at number %d", seq + i); break; }
}

static void inject(const char *words) {
	static uint8_t p[66000];
	char ctl[9];
	int seq, ack, wnd, len, used = 0, mss, n, head = 20, bits = 0;
	if (sscanf(words, "%8s %d %d %d %d%n", ctl, &seq, &ack, &wnd, &len, &used) != 5 || len < 0 || len > 65000) return fail("cannot read", words);
	memset(p, 0, 48);
	for (char *c = ctl; *c && *c != '-'; c++) bits |= strchr(letters, *c) ? 1 << (strchr(letters, *c) - letters) : 0;
	if (sscanf(words + used, " mss=%d%n", &mss, &n) == 1) head = 24, put32(p + 40, 0x02040000 | mss), used += n;
	if (words[used + strspn(words + used, " ")]) return fail("this shim has no option", words + used);
	n = 20 + head + len;
	put16(p, 0x4500), put16(p + 2, n), put16(p + 6, 0x4000), put16(p + 8, 64 << 8 | 6);
	put32(p + 12, 0xc0000202), put32(p + 16, 0xc0000201), put16(p + 10, ~sum(0, p, 20));
	put16(p + 20, active ? 80 : 49152), put16(p + 22, active ? 49152 : 80);
	put32(p + 24, peer_isn + seq), put32(p + 28, bits & 16 ? isn + ack : 0);
	p[32] = head / 4 << 4, p[33] = bits, put16(p + 34, wnd);
	for (int i = 0; i < len; i++) p[20 + head + i] = octet(seq + (bits >> 1 & 1) + i);
	put16(p + 36, ~sum(sum(6 + n - 20, p + 12, 8), p + 20, n - 20));
	stack_input(p, n);
}

static struct answer call(const char *words) {
	static uint8_t text[1 << 20];
	struct answer a = {"unsupported", 0};
	char what[16] = "";
	int n = 0;
	if (sscanf(words, "%15s %d", what, &n) < 1 || n < 0 || n > (int)sizeof text) fail("cannot read", words);
	else if (!strcmp(what, "send")) {
		for (int i = 0; i < n; i++) text[i] = octet(wrote + i);
		a = stack_send(text, n), wrote += a.octets;
	} else if (!strcmp(what, "receive")) {
		a = stack_receive(text, n);
		for (int i = 0; i < a.octets; i++)
			if (text[i] != octet(got + i)) a.told = "wrong";
		got += a.octets;
	} else if (!strcmp(what, "shutdown")) a = stack_shutdown();
	else if (!strcmp(what, "close")) a = stack_close();
	else if (!strcmp(what, "abort")) a = stack_abort();
	return a;
}

/* advance lets time pass; timers fire at their own times. */
static void advance(int64_t until) {
	for (int64_t at; (at = stack_deadline()) >= 0 && at <= until;) stack_run(now = at > now ? at : now);
	stack_run(now = until);
}

static void event(char *e) {
	struct answer a = {0};
	long long n;
	while (*e == ' ') e++;
	parts = 0;
	if (!strncmp(e, "open ", 5)) {
		active = !strncmp(e + 5, "active", 6), wrote = got = 1;
		a = stack_open(active, active ? 49152 : 80, active ? 80 : 49152);
	} else if (!strncmp(e, "call ", 5)) a = call(e + 5);
	else if (!strncmp(e, "in ", 3)) inject(e + 3);
	else if (sscanf(e, "advance %lld", &n) == 1) advance(now + n);
	else if (!strncmp(e, "next", 4)) advance(stack_deadline() > now ? stack_deadline() : now);
	else fail("cannot read", e);
	if (failed) return;
	if (a.told) printf("%stold %s %d -", comma(), a.told, a.octets);
	printf("%sstate %s", comma(), stack_state());
	if (now) printf(", now %lld", (long long)now);
	if (stack_deadline() >= 0) printf(", next %lld", (long long)stack_deadline());
}

int main(void) {
	char *line = NULL, *save;
	size_t room = 0;
	printf("tcpclose-stack 1 name=" STACK_NAME " version=" STACK_VERSION " time=virtual exact=yes slack=0"
	       " calls=send,receive,shutdown,close,abort states=yes signals=no deadlines=yes\n");
	for (fflush(stdout); getline(&line, &room, stdin) > 0; fflush(stdout)) {
		unsigned long long seed;
		int buffer, used = 0, first = 1;
		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "run %llu %d%n", &seed, &buffer, &used) == 2)
			stack_reset(seed, buffer), known = isn = now = 0;
		else if (!strncmp(line, "more", 4)) used = 4;
		else { printf("bad want run or more\n"); continue; }
		printf("ok");
		failed = 0;
		for (char *e = strtok_r(line + used, ";", &save); e && !failed; e = strtok_r(NULL, ";", &save), first = 0)
			printf(first ? " " : "; "), event(e);
		putchar('\n');
	}
	return 0;
}
