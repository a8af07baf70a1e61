#include "textflag.h"

// func prefetch(slots []uint64, words []uint64)
//
// This is home(mix(w), len(slots)) for each w.
TEXT ·prefetch(SB), NOSPLIT, $0-48
	MOVQ slots_base+0(FP), DI
	MOVQ slots_len+8(FP), SI
	MOVQ words_base+24(FP), R8
	MOVQ words_len+32(FP), R9
	MOVQ $0xff51afd7ed558ccd, R10
	MOVQ $0xc4ceb9fe1a85ec53, R11
	TESTQ R9, R9
	JZ   done
next:
	MOVQ  (R8), AX
	IMULQ R10, AX
	MOVQ  AX, CX
	SHRQ  $32, CX
	XORQ  CX, AX
	IMULQ R11, AX
	MULQ  SI
	PREFETCHT0 (DI)(DX*8)
	ADDQ  $8, R8
	DECQ  R9
	JNZ   next
done:
	RET
