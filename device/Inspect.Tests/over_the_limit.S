@ expect: error: the stack may be 2,000 B deep; the limit is 1,500 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  sub.w sp, sp, #2000
  add.w sp, sp, #2000
  bx lr
.size root, . - root
