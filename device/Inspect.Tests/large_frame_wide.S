@ expect: deepest stack: 1,008 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  sub.w sp, sp, #1000
  add.w sp, sp, #1000
  pop {r4, pc}
.size root, . - root
