@ expect: deepest stack: 120 B
.syntax unified
.cpu cortex-m3
.thumb
.global root
.type root, %function
root:
  push {r4, lr}
  cbz r0, 1f
  bl small
  b 2f
  1: bl large
  2: pop {r4, pc}
.size root, . - root
.global small
.type small, %function
small:
  push {r0, r1, r4, lr}
  pop {r0, r1, r4, pc}
.size small, . - small
.global large
.type large, %function
large:
  sub sp, #112
  add sp, #112
  bx lr
.size large, . - large
