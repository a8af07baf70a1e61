//! A tiny TCP to try main.rs with: one connection, segments in order alone, one
//! timer, no options. It is no example of how to write TCP.

use crate::{get16, get32, put16, put32, sum, Answer, Stack};

#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum State {
    Closed,
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}
use State::*;

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;
const SECOND: i64 = 1_000_000;
const ROOM: usize = 1000;

type Out = Vec<Vec<u8>>;

pub struct Tiny {
    state: State,
    reset: bool,
    ended: bool,
    fin: bool, // the user has sent one
    port: u16,
    peer_port: u16,
    iss: u32,
    una: u32,
    nxt: u32,
    rcv: u32,
    sent: Vec<u8>, // and not acknowledged
    unread: Vec<u8>,
    tries: u32,
    now: i64,
    deadline: Option<i64>,
}

impl Tiny {
    pub fn new(seed: u64, _buffer: usize) -> Tiny {
        let iss = 0x10000000u32.wrapping_add(seed as u32);
        Tiny { state: Closed, reset: false, ended: false, fin: false, port: 0, peer_port: 0, iss, una: 0, nxt: 0, rcv: 0, sent: vec![], unread: vec![], tries: 0, now: 0, deadline: None }
    }

    fn emit(&self, bits: u8, seq: u32, ack: u32, text: &[u8], out: &mut Out) {
        let mut p = vec![0; 40];
        p.extend_from_slice(text);
        let n = p.len() as u32;
        put16(&mut p, 0, 0x4500);
        put16(&mut p, 2, n);
        put16(&mut p, 8, 64 << 8 | 6);
        put32(&mut p, 12, 0xc0000201);
        put32(&mut p, 16, 0xc0000202);
        let check = !sum(0, &p[..20]);
        put16(&mut p, 10, check);
        put16(&mut p, 20, self.port as u32);
        put16(&mut p, 22, self.peer_port as u32);
        put32(&mut p, 24, seq);
        put32(&mut p, 28, if bits & ACK > 0 { ack } else { 0 });
        p[32] = 5 << 4;
        p[33] = bits;
        put16(&mut p, 34, if bits & RST > 0 { 0 } else { (ROOM - self.unread.len()) as u32 });
        let check = !sum(sum(6 + n - 20, &p[12..20]), &p[20..]);
        put16(&mut p, 36, check);
        out.push(p)
    }

    fn ack(&self, out: &mut Out) {
        self.emit(ACK, self.nxt, self.rcv, &[], out)
    }

    /// Sends again all that is not acknowledged.
    fn resend(&self, out: &mut Out) {
        match self.state {
            SynSent => self.emit(SYN, self.iss, 0, &[], out),
            SynReceived => self.emit(SYN | ACK, self.iss, self.rcv, &[], out),
            _ => self.emit(ACK | if self.fin { FIN } else { 0 }, self.una, self.rcv, &self.sent, out),
        }
    }

    fn arm(&mut self) {
        self.deadline = (self.una != self.nxt).then(|| self.now + (SECOND << self.tries.min(6)))
    }
    fn enter_time_wait(&mut self) {
        self.state = TimeWait;
        self.deadline = Some(self.now + 60 * SECOND)
    }
    fn gone(&mut self, reset: bool) {
        self.state = Closed;
        self.reset = reset;
        self.sent.clear();
        self.deadline = None
    }

    /// Takes the acknowledgement of a segment; false if the segment needs no more.
    fn acked(&mut self, number: u32, out: &mut Out) -> bool {
        if number.wrapping_sub(self.nxt) as i32 > 0 {
            self.ack(out);
            return false;
        }
        let mut n = number.wrapping_sub(self.una) as i32;
        if n <= 0 {
            return true;
        }
        if self.state == SynReceived || self.state == SynSent {
            self.state = Established;
            n -= 1
        }
        self.sent.drain(..(n as usize).min(self.sent.len()));
        self.una = number;
        self.tries = 0;
        self.arm();
        if self.fin && number == self.nxt {
            match self.state {
                FinWait1 => self.state = FinWait2,
                Closing => self.enter_time_wait(),
                LastAck => {
                    self.gone(false);
                    return false;
                }
                _ => (),
            }
        }
        true
    }

    fn synchronizes(&mut self, bits: u8, seq: u32, number: u32, out: &mut Out) {
        if bits & ACK > 0 && number != self.nxt {
            if bits & RST == 0 {
                self.emit(RST, number, 0, &[], out)
            }
            return;
        }
        if bits & RST > 0 {
            if bits & ACK > 0 {
                self.gone(true)
            }
            return;
        }
        if bits & SYN == 0 {
            return;
        }
        self.rcv = seq.wrapping_add(1);
        if bits & ACK == 0 {
            self.state = SynReceived;
            return self.resend(out);
        }
        self.acked(number, out);
        self.ack(out)
    }
}

impl Stack for Tiny {
    fn open(&mut self, active: bool, port: u16, peer_port: u16, out: &mut Out) -> Answer {
        if self.state != Closed {
            return ("other", 0);
        }
        *self = Tiny { iss: self.iss, now: self.now, port, peer_port, ..Tiny::new(0, 0) };
        self.una = self.iss;
        self.nxt = self.iss.wrapping_add(active as u32);
        self.state = if active { SynSent } else { Listen };
        if active {
            self.resend(out);
            self.arm()
        }
        ("done", 0)
    }

    fn send(&mut self, text: &[u8], out: &mut Out) -> Answer {
        if std::mem::take(&mut self.reset) {
            return ("reset", 0);
        }
        if self.state != Established && self.state != CloseWait {
            return (if self.state == Closed { "none" } else if self.fin { "closing" } else { "waits" }, 0);
        }
        let n = text.len().min(ROOM - self.sent.len());
        if n == 0 {
            return ("waits", 0);
        }
        self.emit(ACK, self.nxt, self.rcv, &text[..n], out);
        self.sent.extend_from_slice(&text[..n]);
        self.nxt = self.nxt.wrapping_add(n as u32);
        self.arm();
        ("done", n)
    }

    fn receive(&mut self, text: &mut [u8], _out: &mut Out) -> Answer {
        if self.unread.is_empty() {
            if std::mem::take(&mut self.reset) {
                return ("reset", 0);
            }
            return (if self.ended { "eof" } else if self.state == Closed { "none" } else { "waits" }, 0);
        }
        let n = text.len().min(self.unread.len());
        for (to, from) in text.iter_mut().zip(self.unread.drain(..n)) {
            *to = from
        }
        ("done", n)
    }

    fn shutdown(&mut self, out: &mut Out) -> Answer {
        if self.state == Listen || self.state == SynSent {
            self.gone(false);
            return ("done", 0);
        }
        if self.fin || self.state == Closed {
            return (if self.fin { "closing" } else { "none" }, 0);
        }
        self.state = if self.state == CloseWait { LastAck } else { FinWait1 };
        self.emit(FIN | ACK, self.nxt, self.rcv, &[], out);
        self.nxt = self.nxt.wrapping_add(1);
        self.fin = true;
        self.arm();
        ("done", 0)
    }

    fn close(&mut self, out: &mut Out) -> Answer {
        self.shutdown(out)
    }

    fn abort(&mut self, out: &mut Out) -> Answer {
        if self.state == Closed {
            return ("none", 0);
        }
        if self.state >= SynReceived && self.state <= CloseWait {
            self.emit(RST | ACK, self.nxt, self.rcv, &[], out)
        }
        self.gone(false);
        ("done", 0)
    }

    fn input(&mut self, p: &[u8], out: &mut Out) {
        let s = &p[20..];
        let (head, bits) = ((s[12] >> 4) as usize * 4, s[13]);
        let (seq, number, mut text) = (get32(s, 4), get32(s, 8), &s[head..]);
        debug_assert!(get16(p, 2) as usize == p.len());
        if self.state == Closed || self.state == Listen && bits & ACK > 0 {
            if bits & RST == 0 && bits & ACK > 0 {
                self.emit(RST, number, 0, &[], out)
            } else if bits & RST == 0 {
                let n = text.len() as u32 + (bits >> 1 & 1) as u32 + (bits & FIN) as u32;
                self.emit(RST | ACK, 0, seq.wrapping_add(n), &[], out)
            }
            return;
        }
        if self.state == Listen {
            if bits & RST > 0 || bits & SYN == 0 {
                return;
            }
            self.rcv = seq.wrapping_add(1);
            self.nxt = self.iss.wrapping_add(1);
            self.state = SynReceived;
            self.resend(out);
            return self.arm();
        }
        if self.state == SynSent {
            return self.synchronizes(bits, seq, number, out);
        }
        if bits & RST > 0 {
            if seq == self.rcv {
                self.gone(self.state < Closing)
            }
            return;
        }
        if seq != self.rcv || bits & SYN > 0 || text.len() > ROOM - self.unread.len() {
            if self.state == TimeWait && bits & FIN > 0 {
                self.enter_time_wait() // a FIN again restarts TIME-WAIT
            }
            return self.ack(out);
        }
        if bits & ACK == 0 || !self.acked(number, out) {
            return;
        }
        let fin = bits & FIN > 0 && !self.ended;
        if self.ended {
            text = &[]
        }
        self.unread.extend_from_slice(text);
        self.rcv = self.rcv.wrapping_add(text.len() as u32 + fin as u32);
        if fin {
            self.ended = true;
            match self.state {
                Established => self.state = CloseWait,
                FinWait1 => self.state = Closing,
                FinWait2 => self.enter_time_wait(),
                _ => (),
            }
        }
        if fin || !text.is_empty() {
            self.ack(out)
        }
    }

    fn run(&mut self, now: i64, out: &mut Out) {
        self.now = now;
        if self.deadline.is_none_or(|at| at > now) {
            return;
        }
        if self.state == TimeWait {
            return self.gone(false);
        }
        self.tries += 1;
        self.resend(out);
        self.arm()
    }

    fn deadline(&self) -> Option<i64> {
        self.deadline
    }

    fn state(&self) -> &'static str {
        ["CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"][self.state as usize]
    }
}
