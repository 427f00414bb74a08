@ expect: error: root goes where a register says
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  tbb [pc, r0]
  .byte 1, 1
  bx lr
.size root, . - root
