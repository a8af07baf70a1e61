//! The line protocol of package adapter, version 1, for a stack in Rust. It is short
//! on purpose: copy it, write the trait Stack for yours, and change what it needs.
//! The stack has the address 192.0.2.1, the peer 192.0.2.2; ports are given.

use std::fmt::Write as _;
use std::io::{BufRead, Write as _};

mod tiny;

/// What a user is told: a word of the protocol, and a number of octets.
pub type Answer = (&'static str, usize);

/// What the shim needs of a stack. Nothing else runs: the stack works within these
/// calls, its time is ours, in microseconds, and it sends by appending to `out`.
pub trait Stack {
    fn open(&mut self, active: bool, port: u16, peer_port: u16, out: &mut Vec<Vec<u8>>) -> Answer;
    fn send(&mut self, text: &[u8], out: &mut Vec<Vec<u8>>) -> Answer;
    fn receive(&mut self, text: &mut [u8], out: &mut Vec<Vec<u8>>) -> Answer;
    fn shutdown(&mut self, out: &mut Vec<Vec<u8>>) -> Answer;
    fn close(&mut self, out: &mut Vec<Vec<u8>>) -> Answer;
    fn abort(&mut self, out: &mut Vec<Vec<u8>>) -> Answer;
    fn input(&mut self, packet: &[u8], out: &mut Vec<Vec<u8>>);
    fn run(&mut self, now: i64, out: &mut Vec<Vec<u8>>);
    fn deadline(&self) -> Option<i64>;
    fn state(&self) -> &'static str;
}

const LETTERS: &str = "FSRP.UEW"; // control bits from the lowest, as in the header
const PEER_ISN: u32 = 0x5eed0000;

fn put16(p: &mut [u8], at: usize, v: u32) {
    p[at..at + 2].copy_from_slice(&(v as u16).to_be_bytes())
}
fn put32(p: &mut [u8], at: usize, v: u32) {
    p[at..at + 4].copy_from_slice(&v.to_be_bytes())
}
fn get16(p: &[u8], at: usize) -> u32 {
    (p[at] as u32) << 8 | p[at + 1] as u32
}
fn get32(p: &[u8], at: usize) -> u32 {
    get16(p, at) << 16 | get16(p, at + 2)
}
fn octet(n: i32) -> u8 {
    b'a' + (n as u32 % 26) as u8 // of text, by its number
}
/// The ones' complement sum.
pub fn sum(start: u32, p: &[u8]) -> u32 {
    let mut s = p.chunks(2).fold(start, |s, c| s + ((c[0] as u32) << 8) + *c.get(1).unwrap_or(&0) as u32);
    while s >> 16 > 0 {
        s = (s & 0xffff) + (s >> 16)
    }
    s
}

struct Shim<S: Stack> {
    stack: S,
    isn: Option<u32>, // where the stack's numbers begin: learned from its SYN
    active: bool,
    wrote: i32,
    got: i32,
    now: i64,
    out: Vec<Vec<u8>>,
    parts: Vec<String>,
}

impl<S: Stack> Shim<S> {
    fn sent(&mut self) {
        for p in std::mem::take(&mut self.out) {
            let ip = (p[0] & 15) as usize * 4;
            let t = &p[ip..];
            let (head, bits) = ((t[12] >> 4) as usize * 4, t[13]);
            if bits & 2 > 0 && self.isn.is_none() {
                self.isn = Some(get32(t, 4))
            }
            let seq = get32(t, 4).wrapping_sub(self.isn.unwrap_or(0)) as i32;
            let raw = bits & 4 > 0 && get32(t, 4) == 0 && (self.isn.is_none() && bits & 16 > 0 || seq.unsigned_abs() > 1 << 20);
            let ctl: String = "SFRPUEW.".chars().filter(|l| bits >> LETTERS.find(*l).unwrap() & 1 > 0).collect();
            let ack = if bits & 16 > 0 { get32(t, 8).wrapping_sub(PEER_ISN) as i32 } else { 0 };
            let mut s = format!("out {} {} {} {} {} {}", self.now, if ctl.is_empty() { "-" } else { &ctl }, if raw { 0 } else { seq }, ack, get16(t, 14), t.len() - head);
            if raw {
                s += " raw"
            }
            let mut o = 20;
            while o + 1 < head && t[o] != 0 {
                if t[o] == 2 {
                    write!(s, " mss={}", get16(t, o + 2)).unwrap()
                }
                o += if t[o] == 1 { 1 } else { (t[o + 1] as usize).max(2) }
            }
            self.parts.push(s);
            if sum(sum(6 + t.len() as u32, &p[12..20]), t) != 0xffff || sum(0, &p[..ip]) != 0xffff {
                self.parts.push("wrong checksum".into())
            }
            let first = seq.wrapping_add((bits >> 1 & 1) as i32);
            if bits & 4 == 0 && t[head..].iter().enumerate().any(|(i, c)| *c != octet(first + i as i32)) {
                self.parts.push(format!("wrong text from number {}", first))
            }
        }
    }

    fn inject(&mut self, words: &[&str]) -> Option<()> {
        let n = |i: usize| words.get(i)?.parse::<i32>().ok();
        let bits = words[0].chars().filter(|c| *c != '-').try_fold(0u8, |b, c| Some(b | 1 << LETTERS.find(c)?))?;
        let (seq, ack, wnd, len) = (n(1)?, n(2)?, n(3)?, n(4)? as usize);
        let mss = match words.get(5) {
            Some(w) => Some(w.strip_prefix("mss=")?.parse::<u32>().ok()?), // this shim has no other option
            None => None,
        };
        let head = if mss.is_some() { 24 } else { 20 };
        let mut p = vec![0; 20 + head + len];
        let length = p.len() as u32;
        for (at, v) in [(0, 0x4500), (2, length), (6, 0x4000), (8, 64 << 8 | 6)] {
            put16(&mut p, at, v)
        }
        put32(&mut p, 12, 0xc0000202);
        put32(&mut p, 16, 0xc0000201);
        let check = !sum(0, &p[..20]);
        put16(&mut p, 10, check);
        put16(&mut p, 20, if self.active { 80 } else { 49152 });
        put16(&mut p, 22, if self.active { 49152 } else { 80 });
        put32(&mut p, 24, PEER_ISN.wrapping_add(seq as u32));
        put32(&mut p, 28, if bits & 16 > 0 { self.isn.unwrap_or(0).wrapping_add(ack as u32) } else { 0 });
        p[32] = (head / 4) as u8 * 16;
        p[33] = bits;
        put16(&mut p, 34, wnd as u32);
        if let Some(mss) = mss {
            put32(&mut p, 40, 0x02040000 | mss)
        }
        for i in 0..len {
            p[20 + head + i] = octet(seq + (bits >> 1 & 1) as i32 + i as i32)
        }
        let check = !sum(sum(6 + length - 20, &p[12..20]), &p[20..]);
        put16(&mut p, 36, check);
        self.stack.input(&p, &mut self.out);
        Some(())
    }

    fn call(&mut self, words: &[&str]) -> Option<Answer> {
        let n = match words.get(1) {
            Some(w) => w.parse().ok()?,
            None => 0,
        };
        Some(match words[0] {
            "send" => {
                let text: Vec<u8> = (0..n as i32).map(|i| octet(self.wrote + i)).collect();
                let a = self.stack.send(&text, &mut self.out);
                self.wrote += a.1 as i32;
                a
            }
            "receive" => {
                let mut text = vec![0; n];
                let mut a = self.stack.receive(&mut text, &mut self.out);
                if (0..a.1).any(|i| text[i] != octet(self.got + i as i32)) {
                    a.0 = "wrong"
                }
                self.got += a.1 as i32;
                a
            }
            "shutdown" => self.stack.shutdown(&mut self.out),
            "close" => self.stack.close(&mut self.out),
            "abort" => self.stack.abort(&mut self.out),
            _ => return None,
        })
    }

    /// Lets time pass; timers fire at their own times.
    fn advance(&mut self, until: i64) {
        while let Some(at) = self.stack.deadline().filter(|at| *at <= until) {
            self.now = at.max(self.now);
            self.stack.run(self.now, &mut self.out);
            self.sent()
        }
        self.now = until;
        self.stack.run(until, &mut self.out)
    }

    /// Does an event; None is one that it cannot read.
    fn event(&mut self, words: &[&str]) -> Option<String> {
        self.parts.clear();
        let mut answer = None;
        match words {
            ["open", how] => {
                self.active = *how == "active";
                (self.wrote, self.got) = (1, 1);
                let (port, peer) = if self.active { (49152, 80) } else { (80, 49152) };
                answer = Some(self.stack.open(self.active, port, peer, &mut self.out))
            }
            ["call", rest @ ..] if !rest.is_empty() => answer = Some(self.call(rest)?),
            ["in", rest @ ..] if rest.len() >= 5 => self.inject(rest)?,
            ["advance", n] => self.advance(self.now + n.parse::<i64>().ok()?),
            ["next"] => self.advance(self.stack.deadline().unwrap_or(0).max(self.now)),
            _ => return None,
        }
        self.sent();
        if let Some((told, octets)) = answer {
            self.parts.push(format!("told {told} {octets} -"))
        }
        self.parts.push(format!("state {}", self.stack.state()));
        if self.now > 0 {
            self.parts.push(format!("now {}", self.now))
        }
        if let Some(at) = self.stack.deadline() {
            self.parts.push(format!("next {at}"))
        }
        Some(self.parts.join(", "))
    }
}

fn main() {
    println!("tcpclose-stack 1 name=tiny-rust version=1 time=virtual exact=yes slack=0 calls=send,receive,shutdown,close,abort states=yes signals=no deadlines=yes");
    let mut shim = None;
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let mut events = line.trim();
        if let Some(rest) = events.strip_prefix("run ") {
            let mut words = rest.splitn(3, ' ');
            let mut number = || words.next().and_then(|w| w.parse().ok());
            if let (Some(seed), Some(buffer)) = (number(), number()) {
                let stack = tiny::Tiny::new(seed, buffer as usize);
                shim = Some(Shim { stack, isn: None, active: false, wrote: 1, got: 1, now: 0, out: vec![], parts: vec![] });
            }
            events = words.next().unwrap_or("");
        } else {
            events = events.strip_prefix("more").unwrap_or("");
        }
        let mut items = vec![];
        for e in events.split(';').filter(|e| !e.trim().is_empty()) {
            let words: Vec<&str> = e.split_whitespace().collect();
            let done = shim.as_mut().and_then(|s: &mut Shim<tiny::Tiny>| s.event(&words));
            let failed = done.is_none();
            items.push(done.unwrap_or(format!("error cannot do {}", e.trim())));
            if failed {
                break;
            }
        }
        println!("ok {}", items.join("; "));
        std::io::stdout().flush().unwrap();
    }
}
