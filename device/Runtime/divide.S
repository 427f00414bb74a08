/* Division by the processor's own instruction, which no compiler of C# offers here. Its time depends on the numbers: public ones only. */
.syntax unified
.cpu cortex-m3
.thumb

.section .note.GNU-stack, "", %progbits

.macro function name
.section .text.\name, "ax", %progbits
.balign 2
.global \name
.type \name, %function
\name:
.endm

.macro end name
.size \name, . - \name
.endm

function divide_uint32
  cbz r1, 1f
  udiv r0, r0, r1
  bx lr
1:b.w divide_by_zero
end divide_uint32

function remainder_uint32
  cbz r1, 1f
  udiv r2, r0, r1
  mls r0, r2, r1, r0
  bx lr
1:b.w divide_by_zero
end remainder_uint32

function divide_int32
  cbz r1, 1f
  sdiv r0, r0, r1
  bx lr
1:b.w divide_by_zero
end divide_int32

function remainder_int32
  cbz r1, 1f
  sdiv r2, r0, r1
  mls r0, r2, r1, r0
  bx lr
1:b.w divide_by_zero
end remainder_int32

function divide_by_zero
  movs r0, #4                   /* StopReason.DivideByZero */
  b.w board_stop
end divide_by_zero
