@ expect: error: root moves the stack pointer in a way that cannot be bounded
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  sub sp, sp, r0
  bx lr
.size root, . - root
