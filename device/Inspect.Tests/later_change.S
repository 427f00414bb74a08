@ expect: deepest stack: 48 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  sub sp, #8
  cbz r0, 1f
  sub sp, #32
  bl leaf
  add sp, #32
  1: add sp, #8
  pop {r4, pc}
.size root, . - root
.global leaf
.type leaf, %function
leaf:
  bx lr
.size leaf, . - leaf
